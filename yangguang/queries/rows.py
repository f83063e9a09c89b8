"""Plain SQL for the hot paths: prepared once per connection, one call of the driver per statement, rows as tuples.

A psycopg cursor costs more than the statement itself where a student's act is five small ones, so this speaks to
libpq through `psycopg.pq` and leaves to psycopg what it knows best: values in, rows out, errors by their code.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from psycopg import Connection, OperationalError, errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus

AMPLE = "SELECT set_config('work_mem', '256MB', true)"
"""Until the transaction ends a province is sorted in memory; the few statements of a run are alone in needing it."""
Params = Sequence[Any] | Mapping[str, Any]
_PLACE = re.compile(r"%(?:%|s|\((\w+)\)s)")
_GOOD = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)
_prepared: WeakKeyDictionary[Connection[Any], dict[tuple[str, tuple[int, ...]], bytes]] = WeakKeyDictionary()


def fetch_all(sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
    """All rows of one prepared statement; `params` are bound by the server, never spliced in.

    Raises:
        psycopg.Error: as the server names it.
    """
    connection.ensure_connection()
    link: Connection[Any] = connection.connection
    if not link.autocommit and link.pgconn.transaction_status == TransactionStatus.IDLE:
        _good(link, link.pgconn.exec_(b"BEGIN"))
    text, names = _numbered(sql)
    named: Any = params
    values: Sequence[Any] = named if names is None else [named[name] for name in names]
    binding = Transformer(link)
    bound: Any = binding.dump_sequence(values, [PyFormat.AUTO] * len(values))
    if link.prepare_threshold is None:
        result = link.pgconn.exec_params(text, bound, binding.types, binding.formats)
    else:
        name = _prepare(link, sql, text, binding.types or ())
        result = link.pgconn.exec_prepared(name, bound, binding.formats)
    _good(link, result)
    binding.set_pgresult(result)
    return binding.load_rows(0, result.ntuples, tuple)


def fetch_one(sql: str, params: Params = ()) -> tuple[Any, ...] | None:
    """The first row, or None."""
    rows = fetch_all(sql, params)
    return rows[0] if rows else None


def _prepare(link: Connection[Any], sql: str, text: bytes, types: tuple[int, ...]) -> bytes:
    """The name under which the server knows the statement for values of these types; new ones are told to it."""
    known = _prepared.setdefault(link, {})
    name = known.get((sql, types))
    if name is None:
        name = b"yg_%d" % len(known)
        _good(link, link.pgconn.prepare(name, text, types))
        known[sql, types] = name
    return name


def _good(link: Connection[Any], result: Any) -> None:
    if link.pgconn.status == ConnStatus.BAD:
        raise OperationalError("数据库连接已中断")
    if result.status not in _GOOD:
        raise errors.error_from_result(result, link.info.encoding)


@cache
def _numbered(sql: str) -> tuple[bytes, tuple[str, ...] | None]:
    """The statement with $1, $2, …; and the names in that order, or None when the values come in order."""
    names: dict[str, int] = {}
    count = 0

    def number(found: re.Match[str]) -> str:
        nonlocal count
        if found[0] == "%%":
            return "%"
        if found[1]:
            return f"${names.setdefault(found[1], len(names) + 1)}"
        count += 1
        return f"${count}"

    text = _PLACE.sub(number, sql).encode()
    return text, tuple(names) if names else None
