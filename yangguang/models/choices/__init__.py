"""Tables: the area choices."""
