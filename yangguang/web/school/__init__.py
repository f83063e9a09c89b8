"""The school's desk: own plan, own applicants, check-in, the records; nothing of another school."""
