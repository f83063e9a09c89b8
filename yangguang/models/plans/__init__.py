"""Tables: the area plans."""
