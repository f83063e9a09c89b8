"""Queries: the area base."""
