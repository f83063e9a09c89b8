"""The demonstration from an empty database to a finished season, and the document that describes it."""

import os
import shutil
import sys
from datetime import datetime, timedelta
from subprocess import DEVNULL, Popen
from time import monotonic, perf_counter
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection

from yangguang import clock
from yangguang.actions.audit.invariant_checks import record_check
from yangguang.actions.seasons import practice_clock
from yangguang.jobs.tasks import offer_freed_seats
from yangguang.localdb.wipe import wipe_database
from yangguang.models import AuditRoot
from yangguang.postgres.sql import execute, fetch_row
from yangguang.queries.audit.invariants.catalogue import check_invariants
from yangguang.rules.accounts.actors import CONSOLE
from yangguang.rules.base.refusals import Refused
from yangguang.simulation import calendar, data_version, summary
from yangguang.simulation.season import Report, SeasonSimulation
from yangguang.simulation.workers import peak_kb

ROLE = "yangguang_app"
WORKERS = 2
"""With its database connection each keeps one core busy. Fixed, because the outcome depends on it."""


def is_finished() -> bool:
    """Whether the database holds a whole season; an interrupted one does not count.

    Raises:
        Refused: the season was made with other code.
    """
    if AuditRoot._meta.db_table not in connection.introspection.table_names():
        return False
    if not AuditRoot.objects.filter(day=calendar.DISPLAY_DAY.date()).exists():
        return False
    data_version.require_current_data()
    return True


def clear() -> None:
    """Empty the demonstration's database and its outbox.

    Raises:
        Refused: the database holds data that is not a demonstration's, or is in use.
    """
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    wipe_database(os.environ["DATABASE_URL"])
    shutil.rmtree(settings.VAR / "sms", ignore_errors=True)


def run_season(applicants: int, seed: int, report: Report) -> dict[str, Any]:
    """Empty the demonstration's database, simulate the season, check the invariants.

    Args:
        report: takes one line of progress.
    Returns:
        the document of `demo --once --json`: applicants, stages, programme_types, seconds,
        peak_mb, output_hash, invariants.
    Raises:
        Refused: outside the demonstration, or the database holds data that is not a demonstration's.
    """
    if not settings.DEMO:
        raise Refused("演示只能在演示环境进行", now="请设置 YANGGUANG_DEMO=1，并使用演示专用的数据库")
    began = perf_counter()
    clear()
    # The migrations keep one core busy; meanwhile the other compiles the engine, on a fresh machine only.
    warming = Popen([sys.executable, "-m", "yangguang", "warm-engine"], stdout=DEVNULL, stderr=DEVNULL)
    _create_tables(report)
    season = SeasonSimulation(applicants, seed, WORKERS, report)
    season.seconds["migrate"] = round(perf_counter() - began, 2)
    peak, refused = season.run()
    report(f"  学生听到的拒绝：{'；'.join(f'{what}（{n}次）' for what, n in sorted(refused.items()))}")
    with season.phase("invariants", "核对不变量"):
        invariants = check_invariants()
        record_check(by=CONSOLE, report=invariants)
    warming.wait()
    return {
        "applicants": applicants,
        "stages": summary.count_steps(),
        "programme_types": summary.count_programme_types(),
        "seconds": {"total": round(perf_counter() - began, 2), **season.seconds},
        "peak_mb": round((peak + peak_kb()) / 1024),
        "output_hash": summary.hash_outcome(),
        "invariants": {
            "held": invariants.holding,
            "pending": invariants.pending,
            "broken": [one.number for one in invariants.broken],
        },
    }


def _create_tables(report: Report) -> None:
    report("▶ 建立数据库结构")
    call_command("migrate", verbosity=0)
    data_version.mark_data()


NOTED_EVERY = timedelta(seconds=20)
"""How often a running demonstration notes the instant: what one that is killed may have shown after its last note."""
# The note stands at the table of the clock itself.
_LAST = """
SELECT max(at) AS last_entry, obj_description('yangguang_practiceclock'::regclass, 'pg_class') AS noted
FROM yangguang_auditentry
"""


def note_the_instant() -> None:
    """Note how far the clock went, for the next start."""
    execute(f"COMMENT ON TABLE yangguang_practiceclock IS '{clock.now().isoformat()}'")


class InstantNotes:
    """Notes the instant at every interval, however often it is called while the site runs."""

    def __init__(self) -> None:
        self._due = monotonic()

    def note_due(self) -> None:
        """Note the instant if a note is due. A database that does not answer is tried again at the next note."""
        if monotonic() < self._due:
            return
        self._due = monotonic() + NOTED_EVERY.total_seconds()
        try:
            note_the_instant()
        except DatabaseError:
            connection.close()


def show_the_day() -> None:
    """Set the clock to the day the demonstration is displayed at, or to where it stopped.

    While the demonstration does not run, its clock stands still, so that its windows are open whenever it is started;
    and it never goes back behind what was done in it. The waiting lists are brought up to that instant by the job of
    every full hour: the simulated clock jumps, and the worker starts at any minute of an hour.
    """
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    row = fetch_row(_LAST)
    stopped = [row.last_entry, row.noted and datetime.fromisoformat(row.noted) + NOTED_EVERY]
    to = max([calendar.DISPLAY_DAY, *filter(None, stopped)])
    if clock.now() > to:
        practice_clock.set_clock(by=CONSOLE, to=to)
    offer_freed_seats(0)
