"""How Django speaks to PostgreSQL; the backend is in `base`, because Django looks for it there."""
