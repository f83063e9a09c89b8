"""Rules: the area choices."""
