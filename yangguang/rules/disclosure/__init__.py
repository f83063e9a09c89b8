"""Rules: the area disclosure."""
