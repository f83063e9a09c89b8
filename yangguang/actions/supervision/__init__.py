"""Actions: the area supervision."""
