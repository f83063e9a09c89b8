"""Queries: the area plans."""
