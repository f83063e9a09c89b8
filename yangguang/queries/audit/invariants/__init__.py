"""Queries: the area invariants."""
