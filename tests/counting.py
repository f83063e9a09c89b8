"""Counting statements at the driver: Django's own log does not see what `queries.rows` sends past it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg


@contextmanager
def statements() -> Iterator[list[Any]]:
    """Every statement that any cursor of this process sends inside the block, Django's and ours."""
    seen: list[Any] = []
    execute = psycopg.Cursor.execute

    def counted(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        seen.append(query)
        return execute(self, query, *args, **kwargs)

    psycopg.Cursor.execute = counted  # type: ignore[method-assign, assignment]
    try:
        yield seen
    finally:
        psycopg.Cursor.execute = execute  # type: ignore[method-assign]
