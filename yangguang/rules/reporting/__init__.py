"""Rules: the area reporting."""
