"""Asking for a background job: in the transaction of the change that needs it, so that both commit or neither."""

from datetime import datetime

from procrastinate.contrib.django import app

from yangguang.queries.rows import fetch_one

CARRY_OUT = "carry_out_run"
# The season's clock may be shifted in a rehearsal; a job wakes by the machine's.
_WAKES = "SELECT clock_timestamp() + (%s::timestamptz - yg_now())"


def queue_run(run: int, at: datetime | None = None) -> None:
    """Have run `run` (row id) carried out as soon as a worker is free, or at the instant `at`.

    A run without a job is found again every minute, so this only spares the wait.
    """
    if at is None:
        wakes, waits_as = None, job_of(run)
    else:
        row = fetch_one(_WAKES, (at,))
        assert row is not None
        wakes, waits_as = row[0], None
    app.configure_task(CARRY_OUT, queueing_lock=waits_as, lock=job_of(run), schedule_at=wakes).defer(run=run)


def job_of(run: int) -> str:
    """Under which name the job of a run waits and works: never two at once."""
    return f"run-{run}"
