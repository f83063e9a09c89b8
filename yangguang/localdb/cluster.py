"""One PostgreSQL server in a folder: created when missing, started after a crash, stopped cleanly."""

import os
import shlex
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from pwd import struct_passwd
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from yangguang.rules.base.refusals import Refused

from .settings import MAJOR, PORT, programs, server_settings
from .sockets import socket_folder
from .system_user import account_for, make_reachable, make_readable

ROTATE_AT = 10 * 2**20
ADVICE = "请查看日志 {log}；演示数据可用 make demo-reset 重新开始，也可用 DATABASE_URL 指定另一个数据库。"


class NoDatabase(Refused):
    """PostgreSQL cannot be started; the sentence says why and what to do."""

    status = 503
    code = "no_database"


class Cluster:
    """The embedded server of one `var` folder. Callers serialise `start` and `stop` (see `count_use`).

    Args:
        var: folder of all data; the server's own is `var/pg`.
        durable: False turns off fsync; for tests only.
    """

    def __init__(self, var: Path, *, durable: bool = True) -> None:
        self.home = var.resolve() / "pg"
        self.data, self.log = self.home / "data", self.home / "log"
        self.durable = durable

    def start(self) -> None:
        """Start the server unless it runs; about a second, three the first time.

        Raises:
            NoDatabase: it does not start; the sentence quotes its log.
        """
        if self.answers():
            return
        self._prepare()
        self._drop_stale_lock()
        options = [f"{name}={value}" for name, value in server_settings(self.sockets, durable=self.durable).items()]
        flags = " ".join("-c " + shlex.quote(option) for option in options)
        self._run("pg_ctl", "start", "-w", "-t", "120", "-D", str(self.data), "-l", str(self.log), "-o", flags)

    def stop(self) -> None:
        """Stop the server cleanly and close its connections; a second Ctrl-C does not interrupt this."""
        if self.pid() not in _processes_in(self.data):
            return  # Another program may have the process id of a crashed server.
        try:
            with _ignore_interrupts():
                self._run("pg_ctl", "stop", "-w", "-t", "120", "-m", "fast", "-D", str(self.data))
        except NoDatabase:
            # The server may have been killed meanwhile; then it is stopped.
            if self.pid() in _processes_in(self.data):
                raise

    def answers(self) -> bool:
        """Whether the server accepts connections now."""
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def is_listening(self) -> bool:
        """Whether a process listens on the socket; cheap enough to ask all the time."""
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(1)
            return probe.connect_ex(str(self.sockets / f".s.PGSQL.{PORT}")) == 0

    def pid(self) -> int | None:
        """Process id of the postmaster from its lock file; None without that file."""
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def url(self, name: str) -> str:
        """URL of the database `name` on this server."""
        return f"postgresql://postgres@/{quote(name)}?host={quote(str(self.sockets), safe='')}"

    def database(self, name: str) -> str:
        """URL of the database `name`, created when it is missing."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    @cached_property
    def sockets(self) -> Path:
        """Folder of the Unix socket, reachable for the server's account and root only."""
        return socket_folder(self.home)

    def _prepare(self) -> None:
        """Create the folders and, once, the cluster; an incomplete cluster of a killed start is deleted."""
        for folder in (self.home, self.sockets):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self._account:
                os.chown(folder, self._account.pw_uid, self._account.pw_gid)
        if self._account:
            make_readable(programs().parent)
            for path in (programs() / "postgres", self.data, self.sockets):
                make_reachable(path, self._account)
        if self.log.exists() and self.log.stat().st_size > ROTATE_AT:
            self.log.replace(self.home / "log.1")
        if not (version := self.data / "PG_VERSION").exists():
            fresh = self.home / "data.new"
            shutil.rmtree(fresh, ignore_errors=True)
            quick = () if self.durable else ("--no-sync",)
            choices = ("--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8")
            self._run("initdb", "-D", str(fresh), "-U", "postgres", *choices, *quick)
            fresh.rename(self.data)
        elif version.read_text().strip() != MAJOR:
            raise NoDatabase(
                f"{self.data} 里的数据属于 PostgreSQL {version.read_text().strip()}，本程序带的是 {MAJOR}",
                now=ADVICE.format(log=self.log),
            )

    def _drop_stale_lock(self) -> None:
        """Delete lock files of a crashed server: their process id may belong to another program now.

        PostgreSQL's processes have the data folder as working directory. While one of them is left, the files
        stay and the server's own checks decide.
        """
        for _ in range(100):
            if not _processes_in(self.data):
                for lock in (self.data / "postmaster.pid", self.sockets / f".s.PGSQL.{PORT}.lock"):
                    lock.unlink(missing_ok=True)
                return
            time.sleep(0.1)

    @cached_property
    def _account(self) -> struct_passwd | None:
        return account_for(self.home)

    def _run(self, program: str, *arguments: str) -> None:
        """Run a program of PostgreSQL under its account, in a session that Ctrl-C does not reach."""
        logged = self.log.stat().st_size if self.log.exists() else 0
        user: dict[str, Any] = {}
        if self._account:
            user = {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}
        done = subprocess.run(
            [str(programs() / program), *arguments],
            cwd=self.home,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=0o077,
            check=False,
            **user,
        )
        if done.returncode:
            raise NoDatabase(
                f"PostgreSQL 的 {program} 没有成功",
                why=self._last_error(logged) or done.stdout.decode(errors="replace").strip()[-500:],
                now=ADVICE.format(log=self.log),
            )

    def _last_error(self, since: int) -> str:
        """The last fatal error that the server logged after byte `since`; "" without one."""
        if not self.log.exists():
            return ""
        lines = self.log.read_bytes()[since:].decode(errors="replace").splitlines()
        return next((line for line in reversed(lines) if "FATAL" in line or "PANIC" in line), "")


def _processes_in(folder: Path) -> list[int]:
    """Process ids with this working directory: PostgreSQL's own, orphans included."""
    ids = []
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if Path(os.readlink(entry)) == folder:
                ids.append(int(entry.parent.name))
        except OSError:
            continue
    return ids


@contextmanager
def _ignore_interrupts() -> Iterator[None]:
    """Ignore Ctrl-C inside the block; does nothing outside the main thread, which alone may set handlers."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
