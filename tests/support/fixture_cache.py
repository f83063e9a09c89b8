"""Stores what a fixture wrote, so that the next test has the same rows at once instead of writing them again."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any, TypeVar

from django.db import connection

# By table: the rows as COPY writes them, and whether they replace the rows that were there before.
_Rows = dict[str, tuple[bytes, bool]]
_stored: dict[str, tuple[_Rows, Any]] = {}
T = TypeVar("T")


def again(name: str, play: Callable[[], T]) -> T:
    """What `play` makes and writes; from the second time on a copy of both, as old as the first.

    Args:
        name: of the fixture.
        play: writes what it needs on the same start each time: an empty database, or what another stored fixture
            wrote; its result can be copied.
    """
    if name not in _stored:
        before, result = _contents(), play()
        rows = {table: (rows, bool(before[table])) for table, rows in _contents().items() if rows != before[table]}
        _stored[name] = rows, deepcopy(result)
        return result
    rows, result = _stored[name]
    _lay(rows)
    return deepcopy(result)


def _contents() -> dict[str, bytes]:
    contents = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                contents[table] = b"".join(bytes(part) for part in copy)
    return contents


def _lay(rows: _Rows) -> None:
    """Triggers and references are not checked again: they were when the rows were first written."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table, (lines, instead) in rows.items():
            if instead:
                cursor.execute(f'DELETE FROM "{table}"')
            with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                copy.write(lines)
        cursor.execute("SET session_replication_role = DEFAULT")
