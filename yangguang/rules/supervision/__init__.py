"""Rules: the area supervision."""
