"""Actions: the area organisation."""
