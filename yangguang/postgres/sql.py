"""SQL for sets and hot paths, over Django's own connection and cursor. (docs/decisions/0025-sql-and-orm.md)

`assertNumQueries`, `connection.execute_wrappers` and an APM see every statement.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import Cursor
from psycopg.types.datetime import TimestamptzLoader

if TYPE_CHECKING:

    class Row(tuple[Any, ...]):
        """One row; its values by position or by the name of their column."""

        def __getattr__(self, column: str) -> Any: ...

else:
    Row = tuple

Params = Sequence[Any] | Mapping[str, Any]
"""What the server binds to `%s` or `%(name)s`; a list among them is an array. `%%` is a percent sign."""
SORT_IN_MEMORY = "SELECT set_config('work_mem', '256MB', true)"
"""Until the transaction ends, a province is sorted in memory; only the statements of a run need it."""


def fetch_all(query: str, params: Params = ()) -> list[Row]:
    """All rows of one statement.

    Raises:
        django.db.Error: the server refused the statement or has gone.
    """
    cursor = _cursor()
    cursor.execute(query, params)
    rows: list[Row] = cursor.fetchall()
    return rows


def fetch_one(query: str, params: Params = ()) -> Row | None:
    """The first row of one statement, or None. Raises as `fetch_all`."""
    return next(iter(fetch_all(query, params)), None)


def fetch_row(query: str, params: Params = ()) -> Row:
    """The first row of a statement that always has one, such as a count. Raises as `fetch_all`."""
    return fetch_all(query, params)[0]


def execute(query: str, params: Params = ()) -> int:
    """Run a statement without a result; return the number of rows it changed. Raises as `fetch_all`."""
    cursor = _cursor()
    cursor.execute(query, params)
    return int(cursor.rowcount)


def _cursor() -> CursorWrapper:
    """Django's cursor around one of psycopg's that stays with the connection.

    With a new one for each statement, which looks up every type again, a statement costs half as much again.
    """
    connection.ensure_connection()
    inner: Cursor[Row] | None = getattr(connection.connection, "yangguang_cursor", None)
    if inner is None:
        inner = connection.connection.cursor(row_factory=_named_rows)
        # Django's own does the same for a session in UTC, but in Python.
        inner.adapters.register_loader("timestamptz", TimestamptzLoader)
        connection.connection.yangguang_cursor = inner
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    return wrap(inner)  # type: ignore[arg-type]


def _named_rows(cursor: Cursor[Row]) -> Callable[[Sequence[object]], Row]:
    result = cursor.pgresult
    names = () if result is None else tuple(result.fname(at) for at in range(result.nfields))
    return _row_type(names)


@lru_cache(maxsize=1024)
def _row_type(names: tuple[bytes | None, ...]) -> Callable[[Sequence[object]], Row]:
    """Make rows of these columns; one without a name, or with one used before, is `_<position>`."""
    columns = [(name or b"").decode() for name in names]
    return namedtuple("Row", columns, rename=True)._make  # type: ignore[attr-defined, no-any-return]
