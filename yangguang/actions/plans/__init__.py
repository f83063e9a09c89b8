"""Actions: the area plans."""
