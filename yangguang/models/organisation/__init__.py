"""Tables: the area organisation."""
