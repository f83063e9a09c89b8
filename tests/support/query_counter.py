"""Counting statements at the driver: Django's own log does not see what `queries.rows` sends past it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from yangguang.queries import rows


@contextmanager
def statements() -> Iterator[list[Any]]:
    """Every statement that any cursor of this process sends inside the block, Django's and ours."""
    seen: list[Any] = []
    execute, numbered = psycopg.Cursor.execute, rows._numbered

    def counted(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        seen.append(query)
        return execute(self, query, *args, **kwargs)

    def counted_raw(sql: str) -> Any:
        seen.append(sql)
        return numbered(sql)

    psycopg.Cursor.execute = counted  # type: ignore[method-assign, assignment]
    rows._numbered = counted_raw  # type: ignore[assignment]
    try:
        yield seen
    finally:
        psycopg.Cursor.execute = execute  # type: ignore[method-assign]
        rows._numbered = numbered
