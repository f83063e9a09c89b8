"""Actions: the area base."""
