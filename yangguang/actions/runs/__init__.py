"""Actions: the area runs."""
