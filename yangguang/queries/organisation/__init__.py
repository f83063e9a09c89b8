"""Queries: the area organisation."""
