"""SQL, COPY and advisory locks over Django's own connection."""
