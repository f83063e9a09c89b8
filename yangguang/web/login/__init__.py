"""Log-in and log-out: families by phone and code, officers by key."""
