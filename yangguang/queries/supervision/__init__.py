"""Queries: the area supervision."""
