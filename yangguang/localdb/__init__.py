"""Where PostgreSQL comes from: `DATABASE_URL` if it is set, else the server of a wheel, under `var/pg`.

A stranger's machine needs nothing but Python; a province's sets `DATABASE_URL` and this floor does nothing.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from .cluster import Cluster, NoDatabase
from .refcount import Share

__all__ = ["Cluster", "NoDatabase", "Share", "database"]


@contextmanager
def database(
    var: Path, *, name: str = "yangguang", durable: bool = True, env: Mapping[str, str] = os.environ
) -> Iterator[str]:
    """Give a database for as long as the block runs.

    Any number of processes may be in such a block at once, each entering and leaving when it likes; the first
    one starts the server, the last one stops it. A process that was killed counts as gone.

    Args:
        var: folder of the data; the server lives in `var/pg`. Not touched when `DATABASE_URL` is set.
        name: name of the database, made when it is missing.
        durable: False turns off fsync; for tests only.
        env: where `DATABASE_URL` is looked up.
    Yields:
        a URL that Django, psycopg and psql understand.
    Raises:
        NoDatabase: the server cannot be started; says why and what to do.
    """
    if given := env.get("DATABASE_URL"):
        yield given
        return
    cluster = Cluster(var, durable=durable)
    with Share(cluster.home, first=cluster.start, last=cluster.stop):
        yield cluster.database(name)
