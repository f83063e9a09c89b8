"""How far a run has come, written beside the phase's own transaction, so that an officer sees it at once. (F-D4)"""

from time import monotonic
from types import TracebackType
from typing import Any, Self

from django.db import connection

from yangguang.models import AdmissionRun
from yangguang.postgres.sql import execute
from yangguang.rules.runs import run_states

INTERVAL = 0.5
"""Seconds between two notes of one phase."""
_TAKE_UP = """
UPDATE yangguang_runprogress SET tries = tries + 1, began_at = coalesce(began_at, clock_timestamp()),
       beat_at = clock_timestamp()
WHERE run_id = %s
"""
_NOTE = """
UPDATE yangguang_runprogress SET phase = %s, done = %s, total = %s, beat_at = clock_timestamp() WHERE run_id = %s
"""
_STATE = "SELECT state FROM yangguang_admissionrun WHERE id = %s"
_END = "UPDATE yangguang_runprogress SET ended_at = clock_timestamp() WHERE run_id = %s"


class Stopped(Exception):
    """The run was cancelled while its job worked on it."""


def end_progress(run: AdmissionRun) -> None:
    """Note that the run has ended, in any state."""
    execute(_END, (run.pk,))


class Progress:
    """Writes how far one run has come, over a separate connection unless the caller has a transaction open."""

    def __init__(self, run: int) -> None:
        self.run = run
        self._connection = connection if connection.in_atomic_block else connection.copy()
        self._phase, self._noted = "", 0.0

    def __enter__(self) -> Self:
        self._do(_TAKE_UP, (self.run,))
        return self

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Note how far the phase is.

        Raises:
            Stopped: the run has been cancelled since.
        """
        if phase == self._phase and 0 < done < total and monotonic() - self._noted < INTERVAL:
            return
        self._phase, self._noted = phase, monotonic()
        self._do(_NOTE, (phase, done, total, self.run))
        if self._do(_STATE, (self.run,)) == [(run_states.CANCELLED,)]:
            raise Stopped

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not connection:
            self._connection.close()

    def _do(self, sql: str, params: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql, params)
            return list(cursor.fetchall()) if cursor.description else []
