"""Pages of the authority desk: the area organisation."""
