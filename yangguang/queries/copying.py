"""Reading many rows at once through COPY: one text line a row, at the speed of the wire."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection
from psycopg import ClientCursor, errors
from psycopg.pq import ExecStatus


def copy_out(query: str, params: Mapping[str, Any]) -> Iterator[list[str]]:
    """The rows of `query` as lists of text.

    Args:
        query: a SELECT whose columns hold no tabs, line ends or backslashes (codes, numbers, joined lists).
    """
    connection.ensure_connection()
    with ClientCursor(connection.connection) as cursor:
        left = ""
        with cursor.copy(f"COPY ({query}) TO STDOUT".encode(), params) as copy:
            for block in copy:
                *rows, left = (left + bytes(block).decode()).split("\n")
                for row in rows:
                    yield row.split("\t")


def copy_whole(query: str, params: Mapping[str, Any]) -> bytearray:
    """The rows of `query` as one text for `engine.tsv_reader`: cells end with a tab, rows with a line end.

    Speaks to libpq, as `queries.rows` does: a step of psycopg for each row would cost more than the row.

    Args:
        query: as in `copy_out`.
    Raises:
        psycopg.Error: as the server names it.
    """
    connection.ensure_connection()
    link = connection.connection
    asked = ClientCursor(link).mogrify(f"COPY ({query}) TO STDOUT".encode(), params)
    result = link.pgconn.exec_(asked.encode())
    found = bytearray()
    if result.status == ExecStatus.COPY_OUT:
        while (row := link.pgconn.get_copy_data(0))[0] > 0:
            found += row[1]
        result = link.pgconn.get_result()
        link.pgconn.get_result()
    if result.status != ExecStatus.COMMAND_OK:
        raise errors.error_from_result(result, link.info.encoding)
    return found
