"""Actions: the area records."""
