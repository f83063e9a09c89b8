"""Queries: the area runs."""
