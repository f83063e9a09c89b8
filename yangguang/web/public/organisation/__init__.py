"""Pages of the public desk: the area organisation."""
