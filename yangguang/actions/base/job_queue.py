"""Queue a background job in the transaction of the change that needs it, so that both commit or neither."""

from datetime import datetime

from procrastinate.contrib.django import app

from yangguang.postgres.sql import fetch_all

CARRY_OUT = "carry_out_run"
# The clock of a practice season may be shifted; a worker uses the machine's.
_TO_MACHINE_CLOCK = "SELECT clock_timestamp() + (%s::timestamptz - yg_now())"


def queue_run(run: int, at: datetime | None = None) -> None:
    """Queue run `run` (row id) for the next free worker, or for the instant `at`.

    A job every minute looks for runs without one, so the job only shortens the wait.
    """
    if at is None:
        app.configure_task(CARRY_OUT, queueing_lock=f"run-{run}", lock=f"run-{run}").defer(run=run)
        return
    ((wakes_at,),) = fetch_all(_TO_MACHINE_CLOCK, (at,))
    # No lock: the queue would delay every later job of the run until this one is done. The steps themselves never
    # run twice.
    app.configure_task(CARRY_OUT, schedule_at=wakes_at).defer(run=run)
