"""Plain SQL for the hot paths: prepared once per connection, one call of the driver per statement, rows as tuples.

A psycopg cursor costs more than the statement itself where a student's act is five small ones, so this speaks to
libpq through `psycopg.pq` and leaves to psycopg what it knows best: values in, rows out, errors by their code.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import Connection, adapters
from psycopg.adapt import AdaptersMap, Dumper, PyFormat, Transformer
from psycopg.types.datetime import TimestamptzLoader

from yangguang.postgres.base import require_good

AMPLE = "SELECT set_config('work_mem', '256MB', true)"
"""Until the transaction ends a province is sorted in memory; the few statements of a run are alone in needing it."""
Params = Sequence[Any] | Mapping[str, Any]
_PLACE = re.compile(r"%(?:%|s|\((\w+)\)s)")


class _Ids(Dumper):
    """A tuple is row ids. psycopg asks each item of a list for its type, which costs more than the statement."""

    oid = adapters.types["int8"].array_oid

    def dump(self, obj: tuple[int, ...]) -> bytes:
        return b"{%s}" % ",".join(map(str, obj)).encode()


class _Line:
    """What is kept with one connection: the statements its server knows, and who spells values and reads rows."""

    def __init__(self, link: Connection[Any]) -> None:
        self.prepared: dict[tuple[str, tuple[int, ...]], bytes] = {}
        own = AdaptersMap(link.adapters)
        # Django's own, in Python, does the same for a session in UTC.
        own.register_loader("timestamptz", TimestamptzLoader)
        own.register_dumper(tuple, _Ids)
        self.spelling = Transformer(SimpleNamespace(adapters=own, connection=link))

    def prepare(self, link: Connection[Any], sql: str, text: bytes) -> bytes:
        """The name under which the server knows the statement for values of these types; new ones are told to it."""
        types = self.spelling.types or ()
        name = self.prepared.get((sql, types))
        if name is None:
            name = b"yg_%d" % len(self.prepared)
            require_good(link, link.pgconn.prepare(name, text, types))
            self.prepared[sql, types] = name
        return name


def fetch_all(sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
    """All rows of one prepared statement; `params` are bound by the server, never spliced in.

    A tuple among them is row ids, a list is an array of what it holds.

    Raises:
        psycopg.Error: as the server names it.
    """
    wrapper = connections[DEFAULT_DB_ALIAS]
    if wrapper.connection is None:
        wrapper.ensure_connection()
    link: Connection[Any] = wrapper.connection
    line: _Line | None = getattr(link, "yg_line", None)
    if line is None:
        # On the connection itself, so that it goes when the connection goes.
        line = link.yg_line = _Line(link)  # type: ignore[attr-defined]
    text, names = _numbered(sql)
    named: Any = params
    values: Sequence[Any] = named if names is None else [named[name] for name in names]
    spelling = line.spelling
    bound: Any = spelling.dump_sequence(values, [PyFormat.AUTO] * len(values))
    if link.prepare_threshold is None:
        result = link.pgconn.exec_params(text, bound, spelling.types, spelling.formats)
    else:
        result = link.pgconn.exec_prepared(line.prepare(link, sql, text), bound, spelling.formats)
    require_good(link, result)
    spelling.set_pgresult(result)
    rows = spelling.load_rows(0, result.ntuples, tuple)
    spelling.set_pgresult(None)  # A province's result is not kept until the next statement.
    return rows


def fetch_one(sql: str, params: Params = ()) -> tuple[Any, ...] | None:
    """The first row, or None."""
    rows = fetch_all(sql, params)
    return rows[0] if rows else None


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
