"""Pages of the student desk: the area choices."""
