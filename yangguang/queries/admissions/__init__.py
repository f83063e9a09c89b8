"""Queries: the area admissions."""
