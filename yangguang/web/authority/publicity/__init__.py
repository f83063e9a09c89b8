"""Pages of the authority desk: the area publicity."""
