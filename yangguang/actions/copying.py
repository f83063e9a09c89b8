"""Writing many rows at once through COPY: the set-based acts store their results with it."""

from collections.abc import Iterable, Sequence
from itertools import islice

from django.db import connection
from psycopg import Cursor

NULL = "\\N"
BLOCK = 1 << 18
"""Bytes sent at a time."""


def copy_in(table: str, columns: Sequence[str], rows: Iterable[str]) -> None:
    """Store `rows`, each already spelled for COPY: columns joined by tabs, NULL as `NULL`, arrays as "{1,2}".

    Args:
        table, columns: of our own models, never from outside.
        rows: values hold no tabs, line ends or backslashes; making them must not ask the database anything,
            because the connection is busy with them.
    """
    connection.ensure_connection()
    into = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    ready = iter(rows)
    with Cursor(connection.connection) as cursor, cursor.copy(into.encode()) as copy:
        while block := list(islice(ready, 5000)):
            copy.write(("\n".join(block) + "\n").encode())


def array(values: Iterable[object]) -> str:
    """A one-dimensional array of numbers or codes; None becomes NULL."""
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"


def copy_text(table: str, columns: Sequence[str], text: memoryview) -> None:
    """Store rows that are spelled already, line after line.

    Args:
        table, columns: of our own models, never from outside.
    """
    connection.ensure_connection()
    into = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with Cursor(connection.connection) as cursor, cursor.copy(into.encode()) as copy:
        for start in range(0, len(text), BLOCK):
            copy.write(text[start : start + BLOCK])
