"""Queries: the area accounts."""
