"""Pages of the authority desk: the area supervision."""
