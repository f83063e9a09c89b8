"""Actions: the area reporting."""
