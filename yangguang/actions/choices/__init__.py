"""Actions: the area choices."""
