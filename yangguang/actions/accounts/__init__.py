"""Actions: the area accounts."""
