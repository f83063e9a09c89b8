"""The setup of every test, prepared before Django is loaded: a database, no network, a throw-away `var`."""

import atexit
import os
import re
import shutil
import socket
import tempfile
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from yangguang.localdb import Cluster, count_use

SERVER = Path(__file__).resolve().parents[2] / "var" / "tests"
LOOPBACK = {"127.0.0.1", "::1", "localhost", "", None}


def _lay() -> None:
    """Start or join the test server; each pytest run, and each worker in it, has its own database name."""
    # Soft keys and the pages of the demonstration; `tests.support.production` leaves them.
    os.environ["YANGGUANG_DEMO"] = "1"
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        # The environment comes from the process that prepared it; but each worker has its outbox,
        # because tests that run at the same time have the same telephone numbers.
        os.environ["YANGGUANG_VAR"] = var = str(Path(os.environ["YANGGUANG_VAR"], worker))
        Path(var, "static").mkdir(parents=True)
        return
    os.environ["YANGGUANG_VAR"] = var = tempfile.mkdtemp(prefix="yangguang-tests-")
    atexit.register(shutil.rmtree, var, ignore_errors=True)
    # The loops of the engine are compiled once, not once a run.
    os.environ.setdefault("NUMBA_CACHE_DIR", str(SERVER.parent / "compiled"))
    Path(var, "static").mkdir()  # The server of static files warns when its folder is missing.
    if os.environ.get("DATABASE_URL"):
        return
    cluster = Cluster(SERVER, durable=False)
    count = count_use(cluster.home, first=cluster.start, last=cluster.stop)
    count.__enter__()
    atexit.register(count.__exit__, None, None, None)
    _sweep(cluster)
    os.environ["DATABASE_URL"] = cluster.url(f"run{os.getpid()}")


def _sweep(cluster: Cluster) -> None:
    """Drop the databases of test runs that were killed."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        for (name,) in connection.execute(r"SELECT datname FROM pg_database WHERE datname ~ '^test_run\d+'").fetchall():
            owner = re.findall(r"\d+", name)[0]
            if not Path("/proc", owner).exists():
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


class NetworkBlocked(RuntimeError):
    """A test tried to leave this machine."""


def _block_network() -> None:
    """Refuse every address but the loopback and Unix sockets, and every name look-up."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def check(host: object) -> None:
        if (host.decode() if isinstance(host, bytes) else host) not in LOOPBACK:
            raise NetworkBlocked(f"测试不得访问网络：{host}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX:
            check(address[0])
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        if self.family != socket.AF_UNIX:
            check(address[0])
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        check(host)
        return look_up(host, *args, **kwargs)

    socket.socket.connect = guarded_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = guarded_connect_ex  # type: ignore[method-assign]
    socket.getaddrinfo = guarded_look_up


_lay()
_block_network()
