"""Rules: the area audit."""
