"""Rules: the area admissions."""
