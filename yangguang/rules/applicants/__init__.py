"""Rules: the area applicants."""
