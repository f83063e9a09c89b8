"""Actions: the area disclosure."""
