"""Where PostgreSQL comes from: `DATABASE_URL` if it is set, else the server of a wheel, under `var/pg`.

A developer's machine needs nothing but Python; a province sets `DATABASE_URL`, and this package does nothing.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from .cluster import Cluster, NoDatabase
from .refcount import count_use

__all__ = ["Cluster", "NoDatabase", "count_use", "database", "revive"]


@contextmanager
def database(var: Path, *, env: Mapping[str, str] = os.environ) -> Iterator[str]:
    """Provide a database until the block ends.

    Any number of processes may use it at the same time: the first one starts the server, the last one stops it. A
    killed process counts as finished.

    Args:
        var: folder of the data; the server lives in `var/pg`. Not touched when `DATABASE_URL` is set.
        env: where `DATABASE_URL` is looked up.
    Yields:
        a URL that Django, psycopg and psql understand.
    Raises:
        NoDatabase: the server cannot be started; says why and what to do.
    """
    if given := env.get("DATABASE_URL"):
        yield given
        return
    cluster = Cluster(var)
    with count_use(cluster.home, first=cluster.start, last=cluster.stop):
        yield cluster.database("yangguang")


def revive(var: Path, url: str) -> None:
    """Start the embedded server again when it died; nothing for the database of another address.

    A server that does not start now is tried again at the next call.
    """
    cluster = Cluster(var)
    if url != cluster.url("yangguang") or cluster.is_listening():
        return
    print("数据库意外退出，正在重新启动。", file=sys.stderr)
    with suppress(NoDatabase):
        cluster.start()
