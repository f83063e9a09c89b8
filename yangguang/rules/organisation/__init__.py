"""Rules: the area organisation."""
