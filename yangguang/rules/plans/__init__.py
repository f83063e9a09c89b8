"""Rules: the area plans."""
