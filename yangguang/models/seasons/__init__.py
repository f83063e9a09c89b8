"""Tables: the area seasons."""
