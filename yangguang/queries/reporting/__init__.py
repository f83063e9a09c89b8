"""Queries: the area reporting."""
