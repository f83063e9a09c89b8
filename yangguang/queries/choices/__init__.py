"""Queries: the area choices."""
