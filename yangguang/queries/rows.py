"""Plain SQL for the hot paths: prepared once per connection, rows as tuples."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from psycopg import Cursor


def fetch_all(sql: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of one prepared statement; `params` are bound by the server, never spliced in."""
    connection.ensure_connection()
    with Cursor(connection.connection) as cursor:
        cursor.execute(sql.encode(), params, prepare=True)
        return cursor.fetchall() if cursor.description else []


def fetch_one(sql: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> tuple[Any, ...] | None:
    """The first row, or None."""
    rows = fetch_all(sql, params)
    return rows[0] if rows else None
