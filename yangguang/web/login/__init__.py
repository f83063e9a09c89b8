"""Ways in and out: families by phone and code, staff by key, the demonstration's roles."""
