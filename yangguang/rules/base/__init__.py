"""Rules: the area base."""
