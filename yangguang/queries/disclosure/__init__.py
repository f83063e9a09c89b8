"""Queries: the area disclosure."""
