"""The demonstration: a simulated season and what it adds to the site. Only the command `demo` imports it."""
