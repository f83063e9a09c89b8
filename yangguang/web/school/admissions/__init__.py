"""Pages of the school desk: the area admissions."""
