"""Reads used twice or hard; never writes."""
