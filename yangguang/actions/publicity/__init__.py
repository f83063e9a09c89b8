"""Actions: the area publicity."""
