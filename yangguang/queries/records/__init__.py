"""Queries: the area records."""
