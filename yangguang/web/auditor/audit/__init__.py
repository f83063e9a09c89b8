"""Pages of the auditor desk: the area audit."""
