"""Tables: the area records."""
