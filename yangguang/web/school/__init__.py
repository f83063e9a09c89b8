"""The school's desk: own plan, own applicants, the door, the records; nothing of another school."""
