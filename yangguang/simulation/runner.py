"""The demonstration from an empty database to a finished season: prepare, play, say what came of it."""

import os
import shutil
import sys
from subprocess import DEVNULL, Popen
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from yangguang import clock
from yangguang.actions.seasons import practice_clock
from yangguang.jobs.after_results import offer_freed_seats
from yangguang.localdb.wipe import empty
from yangguang.models import AuditRoot
from yangguang.queries.audit.invariants.catalogue import check
from yangguang.rules.base.refusals import Refused
from yangguang.simulation import calendar, summary
from yangguang.simulation.season import Play, Say
from yangguang.simulation.setup import SHELL
from yangguang.simulation.workers import peak_kb

ROLE = "yangguang_app"
# With its server process each keeps one core busy; fixed, because the outcome depends on it.
HANDS = 2


def is_played() -> bool:
    """Whether a whole season lies in the database; one that was interrupted does not count."""
    if AuditRoot._meta.db_table not in connection.introspection.table_names():
        return False
    call_command("migrate", verbosity=0)
    return bool(AuditRoot.objects.filter(day=calendar.THE_DAY_SHOWN.date()).exists())


def clear() -> None:
    """Empty the demonstration's database and its outbox.

    Raises:
        Refused: the database holds somebody's own data, or is in use.
    """
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    empty(os.environ["DATABASE_URL"])
    shutil.rmtree(settings.VAR / "sms", ignore_errors=True)


def play(applicants: int, seed: int, say: Say) -> dict[str, Any]:
    """Empty the demonstration's database, play the season, ask the invariants.

    Returns:
        the document of `demo --once --json`: applicants, stages, patterns, seconds, peak_mb, output_hash, invariants.
    Raises:
        Refused: outside the demonstration, or the database holds somebody's own data.
    """
    if not settings.DEMO:
        raise Refused("演示只能在演示环境进行", now="请设置 YANGGUANG_DEMO=1，并使用演示专用的数据库")
    began = perf_counter()
    clear()
    # The tables are laid on one core; meanwhile the other compiles the engine, on a fresh machine only.
    warming = Popen([sys.executable, "-m", "yangguang", "warm-engine"], stdout=DEVNULL, stderr=DEVNULL)
    say("▶ 建立数据库结构")
    call_command("migrate", verbosity=0)
    act = Play(applicants, seed, hands=HANDS, say=say)
    act.seconds["migrate"] = round(perf_counter() - began, 2)
    peak, refused = act.whole_season()
    say(f"  学生听到的拒绝：{'；'.join(f'{what}（{n}次）' for what, n in sorted(refused.items()))}")
    with act.phase("invariants", "核对不变量"):
        verdict = check()
    warming.wait()
    return {
        "applicants": applicants,
        "stages": summary.stages(),
        "patterns": summary.patterns(),
        "seconds": {"total": round(perf_counter() - began, 2), **act.seconds},
        "peak_mb": round((peak + peak_kb()) / 1024),
        "output_hash": summary.output_hash(),
        "invariants": {
            "held": verdict.held,
            "pending": verdict.pending,
            "broken": [one.number for one in verdict.broken],
        },
    }


def show_the_day() -> None:
    """Let the clock stand on the day the demonstration is shown at, however long ago it was played.

    The waiting lists are worked through by the worker's own job, as they would have been at the last full hour of
    that day: the clock of the play jumps, and the worker starts somewhere within an hour.
    """
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    if clock.now() > calendar.THE_DAY_SHOWN:
        practice_clock.set_clock(by=SHELL, to=calendar.THE_DAY_SHOWN)
    offer_freed_seats(0)
