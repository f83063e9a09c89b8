"""Tables: the area accounts."""
