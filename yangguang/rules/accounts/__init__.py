"""Rules: the area accounts."""
