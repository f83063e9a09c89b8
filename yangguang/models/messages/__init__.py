"""Tables: the area messages."""
