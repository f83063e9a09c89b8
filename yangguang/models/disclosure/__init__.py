"""Tables: the area disclosure."""
