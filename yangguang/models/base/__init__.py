"""Tables: the area base."""
