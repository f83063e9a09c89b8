"""Pages of the school desk: the area base."""
