"""Linear migrations: one line of history, never two leaves."""
