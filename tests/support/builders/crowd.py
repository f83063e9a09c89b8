"""Real commits for tests with many threads: rows are laid, seen by every connection, and wiped afterwards."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import pytest
from django.db import connection, connections

from tests.support.builders.policy import add_reference_rules

T = TypeVar("T")
WIDE = 44
_TABLES = """
SELECT string_agg(format('%I', tablename), ', ') FROM pg_tables
WHERE schemaname = 'public' AND tablename LIKE 'yangguang\\_%' AND tablename <> 'yangguang_auditchainhead'
"""


@pytest.fixture
def committed(request: pytest.FixtureRequest, django_db_blocker: object) -> Iterator[None]:
    """The database without a surrounding transaction; the heads of the log are laid again afterwards."""
    # The test database is only laid for tests that ask for `db` by name, which would open a transaction here.
    names = request.node.fixturenames
    request.node.fixturenames = [*names, "db"]
    request.getfixturevalue("django_db_setup")
    request.node.fixturenames = names
    assert connection.settings_dict["NAME"].startswith("test_"), "only a test database is ever emptied"
    with django_db_blocker.unblock(), _pool_of(WIDE):  # type: ignore[attr-defined]
        wipe()
        add_reference_rules()
        yield
        wipe()
        connections.close_all()


@contextmanager
def _pool_of(size: int) -> Iterator[None]:
    """As many connections as threads, so that the database and not the pool puts them in a row."""
    options = connection.settings_dict["OPTIONS"]["pool"]
    before = options["max_size"]
    connection.close()
    connection.close_pool()
    options["max_size"] = size
    try:
        yield
    finally:
        connection.close()
        connection.close_pool()
        options["max_size"] = before


def wipe() -> None:
    """Empty every table; history tables refuse that to everyone but a replica's session."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        (tables,) = cursor.fetchone()
        cursor.execute("SET session_replication_role = replica")
        try:
            cursor.execute(f"TRUNCATE {tables} CASCADE")
            cursor.execute("UPDATE yangguang_auditchainhead SET length = 0, link = decode(repeat('00', 32), 'hex')")
        finally:
            cursor.execute("SET session_replication_role = origin")


def at_once(acts: Sequence[Callable[[], T]], threads: int) -> list[T | BaseException]:
    """Run all acts in `threads` threads that start together; what an act raised is its answer."""
    start = threading.Barrier(threads)
    waited = threading.local()

    def one(act: Callable[[], T]) -> T | BaseException:
        if not getattr(waited, "started", False):
            waited.started = True
            start.wait(timeout=30)
        try:
            return act()
        except Exception as error:
            return error

    with _closing(ThreadPoolExecutor(threads)) as pool:
        return list(pool.map(one, acts))


@contextmanager
def _closing(pool: ThreadPoolExecutor) -> Iterator[ThreadPoolExecutor]:
    """Each thread gives its connection back before the pool ends."""
    with pool:
        yield pool
        gate = threading.Barrier(pool._max_workers)

        def leave() -> None:
            gate.wait(timeout=30)
            connections.close_all()

        list(pool.map(lambda _: leave(), range(pool._max_workers)))
