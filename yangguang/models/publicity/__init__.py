"""Tables: the area publicity."""
