"""Actions: the area admissions."""
