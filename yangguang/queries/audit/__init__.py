"""Queries: the area audit."""
