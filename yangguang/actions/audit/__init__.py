"""Actions: the area audit."""
