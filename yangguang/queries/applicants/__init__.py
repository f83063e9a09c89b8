"""Queries: the area applicants."""
