"""Tables: the area runs."""
