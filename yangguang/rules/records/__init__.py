"""Rules: the area records."""
