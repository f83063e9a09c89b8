"""Pages of the student desk: the area messages."""
