"""Tables: the area supervision."""
