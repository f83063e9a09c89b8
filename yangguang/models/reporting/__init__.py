"""Tables: the area reporting."""
