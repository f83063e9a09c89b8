"""Pages of the auditor desk: the area base."""
