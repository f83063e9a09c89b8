"""Queries: the area seasons."""
