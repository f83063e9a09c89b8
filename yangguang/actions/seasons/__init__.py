"""Actions: the area seasons."""
