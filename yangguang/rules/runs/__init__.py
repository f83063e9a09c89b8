"""Rules: the area runs."""
