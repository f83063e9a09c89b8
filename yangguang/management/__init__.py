"""Commands of the server's console; each calls one action or query."""
