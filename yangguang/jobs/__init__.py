"""Background jobs: each calls one action as the system and may be killed and run again at any time."""
