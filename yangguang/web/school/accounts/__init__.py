"""Pages of a school: acts that wait for a second person."""
