"""Actions: the area applicants."""
