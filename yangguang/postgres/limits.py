"""How long a statement may take: seconds for a page, more for an officer's act over many rows. (settings)"""

from django.conf import settings
from django.db import connection

from yangguang.postgres.bounded import LONG_SECONDS, BoundedConnection
from yangguang.postgres.sql import execute

LONG = "25s"
"""The web server in front waits 30 s for an answer (deploy/nginx)."""


def allow_long_statements() -> None:
    """Until the transaction ends, a statement of the web process may take `LONG`; elsewhere nothing changes."""
    if settings.DATABASE_LIMITS == "web":
        execute("SELECT set_config('statement_timeout', %s, true)", (LONG,))
        if isinstance(connection.connection, BoundedConnection):
            connection.connection.seconds = LONG_SECONDS
