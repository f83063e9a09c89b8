"""The way to the database: Django's backend of PostgreSQL, in `base` because Django looks for it there."""
