"""COPY: many rows at once, one text line a row."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from django.db import connection

NULL = "\\N"
_ROWS = 5000
"""Rows sent at a time."""
_BLOCK = 1 << 18
"""Bytes sent at a time."""


def copy_out(query: str, params: Mapping[str, object]) -> Iterator[list[str]]:
    """The rows of `query` as lists of text.

    Args:
        query: a SELECT whose columns hold no tabs, line ends or backslashes (codes, numbers, joined lists).
    """
    for line in _lines_out(query, params):
        yield bytes(line).decode().removesuffix("\n").split("\t")


def copy_out_text(query: str, params: Mapping[str, object]) -> bytearray:
    """The rows of `query`, as in `copy_out`, as one text for `engine.tsv_reader`: tabs between cells, lines of rows."""
    return bytearray().join(_lines_out(query, params))


def _lines_out(query: str, params: Mapping[str, object]) -> Iterator[bytes | memoryview]:
    # COPY takes no bound values, so Django writes them into the statement.
    statement = connection.ops.compose_sql(f"COPY ({query}) TO STDOUT", params)  # type: ignore[attr-defined]
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        yield from copy


def copy_in(table: str, columns: Sequence[str], rows: Iterable[str]) -> None:
    """Store `rows`. Only actions call this and `copy_in_text`. (`tests/test_house.py`)

    Args:
        table, columns: of our own models, never from outside.
        rows: written for COPY: columns joined by tabs, NULL as `NULL`, arrays by `array`; no tabs, line ends or
            backslashes in values. The iterator must not send a statement, because the connection is busy.
    """
    rows = iter(rows)
    with connection.cursor() as cursor, cursor.copy(_into(table, columns)) as copy:
        while block := list(islice(rows, _ROWS)):
            copy.write("\n".join(block) + "\n")


def copy_in_text(table: str, columns: Sequence[str], text: memoryview) -> None:
    """Store one text of rows that are written for COPY; for `table` and `columns` see `copy_in`."""
    with connection.cursor() as cursor, cursor.copy(_into(table, columns)) as copy:
        for start in range(0, len(text), _BLOCK):
            copy.write(text[start : start + _BLOCK])


def array(values: Iterable[object]) -> str:
    """A one-dimensional array of numbers or codes; None becomes NULL."""
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"


def _into(table: str, columns: Sequence[str]) -> str:
    return f"COPY {table} ({', '.join(columns)}) FROM STDIN"
