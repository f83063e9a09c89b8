"""Log-in and log-out: families by phone and code, staff by key."""
