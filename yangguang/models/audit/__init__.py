"""Tables: the area audit."""
