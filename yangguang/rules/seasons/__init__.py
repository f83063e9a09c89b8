"""Rules: the area seasons."""
