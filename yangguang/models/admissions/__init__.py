"""Tables: the area admissions."""
