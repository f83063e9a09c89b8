"""Asking for a background job: in the transaction of the change that needs it, so that both commit or neither."""

from datetime import datetime

from procrastinate.contrib.django import app

from yangguang.postgres.sql import fetch_one

CARRY_OUT = "carry_out_run"
# The season's clock may be shifted in a rehearsal; a job wakes by the machine's.
_WAKES = "SELECT clock_timestamp() + (%s::timestamptz - yg_now())"


def queue_run(run: int, at: datetime | None = None) -> None:
    """Have run `run` (row id) carried out as soon as a worker is free, or at the instant `at`.

    A run without a job is found again every minute, so this only spares the wait.
    """
    if at is None:
        app.configure_task(CARRY_OUT, queueing_lock=f"run-{run}", lock=f"run-{run}").defer(run=run)
        return
    row = fetch_one(_WAKES, (at,))
    assert row is not None
    # No lock: the queue would hold back every later job of the run until this one has had its hour. The steps
    # themselves never go twice.
    app.configure_task(CARRY_OUT, schedule_at=row[0]).defer(run=run)
