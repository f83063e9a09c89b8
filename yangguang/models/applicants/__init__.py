"""Tables: the area applicants."""
