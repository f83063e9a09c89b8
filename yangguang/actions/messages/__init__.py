"""Actions: the area messages."""
