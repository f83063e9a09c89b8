"""Queries: the area publicity."""
