"""What a run's worker is doing at this instant, read from the database; workers are killed where it says so."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.db import connection

from yangguang.models import AdmissionRun, RunProgress
from yangguang.postgres.locks import LockClass
from yangguang.postgres.sql import execute

ROOT = Path(__file__).resolve().parents[2]
PHASES = ("freeze", "compute", "store", "check")
PUBLISHING = ("seats", "messages")
"""How far a publication is: from its first claim on, from its first message on."""
ANYWHERE = "anywhere"
# What the minutes of a dead worker do by themselves: its heartbeat grows old.
_AGED = "UPDATE procrastinate_workers SET last_heartbeat = clock_timestamp() - interval '2 minutes'"
# The progress is noted beside the phase's transaction, so it is seen at once; the transaction holds the run's lock.
_PHASE = """
SELECT CASE WHEN done < total AND EXISTS (
    SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = %(running)s AND objid = %(run)s AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
) THEN phase ELSE '' END FROM yangguang_runprogress WHERE run_id = %(run)s
"""
# A transaction that has written to a table holds this lock on it until its end.
_PUBLISHING = """
SELECT coalesce((
    SELECT CASE WHEN bool_or(c.relname = 'yangguang_message') THEN 'messages' ELSE 'seats' END
    FROM pg_locks AS l JOIN pg_class AS c ON c.oid = l.relation
    WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND c.relname IN ('yangguang_seatclaim', 'yangguang_message') AND l.mode = 'RowExclusiveLock' AND l.granted
    GROUP BY l.pid HAVING bool_or(c.relname = 'yangguang_seatclaim') LIMIT 1
), '')
"""
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'reared' AND state <> 'idle'
"""


def url() -> str:
    """Of the test's own database."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


class Nursery:
    """Workers that may be killed; first of all, `run` is carried out there without disturbance."""

    def __init__(self, run: AdmissionRun, watcher: psycopg.Connection) -> None:
        env = os.environ | {
            "DATABASE_URL": url(),
            "YANGGUANG_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "yangguang.settings",
            "PGAPPNAME": "reared",
        }
        self.watcher = watcher
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery", str(run.pk)],
            env=env,
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._says() == "ready"

    def _says(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def rears(self, run: AdmissionRun, until: str = "", after: float = 0.0) -> str | None:
        """A worker that is killed `after` seconds in the phase `until`; with none, it does all there is.

        Returns:
            the phase in which it died, "" for between phases; None when it came through.
        """
        assert self.process.stdin is not None
        execute(_AGED)
        # What the worker before was doing is not what this one does.
        RunProgress.objects.filter(run=run).update(phase="", done=0, total=0)
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        child = int(self._says())
        died_in = self._kill(child, run.pk, until, after) if until else None
        said = self._says()
        assert said in ("killed", "done"), said
        self._is_over()
        return died_in if said == "killed" else None

    def _kill(self, child: int, run: int, until: str, after: float) -> str | None:
        """Wait for the phase, stop the process, look once more while it stands still, kill it."""
        try:
            while until != ANYWHERE and self._now(run, until) != until:
                os.kill(child, 0)
            time.sleep(after)
            os.kill(child, signal.SIGSTOP)
            found = self._now(run, until)
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            return None
        return found

    def _now(self, run: int, like: str) -> str:
        return str(
            self._one(_PUBLISHING if like in PUBLISHING else _PHASE, {"run": run, "running": LockClass.RUN.value})
        )

    def _is_over(self) -> None:
        """The server may still be at the last statement of one that is dead."""
        deadline = time.monotonic() + 20
        while self._one(_OTHERS):
            assert time.monotonic() < deadline, "the dead worker's transaction does not end"
            time.sleep(0.005)

    def _one(self, sql: str, params: dict[str, int] | None = None) -> object:
        row = self.watcher.execute(sql, params).fetchone()
        assert row is not None
        return row[0]

    def close(self) -> None:
        self.process.communicate(timeout=30)


@contextmanager
def nursery_of(run: AdmissionRun) -> Iterator[Nursery]:
    with psycopg.connect(url(), autocommit=True) as watcher:
        made = Nursery(run, watcher)
        try:
            yield made
        finally:
            made.close()
