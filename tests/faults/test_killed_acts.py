"""A process that is killed in the middle of a bulk act leaves nothing, and the same act done again is whole. (T3.20)

The killed process has written everything but its record in the log, whose table another connection holds.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import psycopg
import pytest

from tests.access.world import changed, contents
from tests.faults.killed_acts import ACTS
from tests.faults.watch import ROOT, url
from tests.support.builders.plans import ready
from tests.support.builders.ranked_round import Ranked
from tests.support.personas import Personas, unit
from yangguang.models import (
    AuditRoot,
    ExamResult,
    ImportedResult,
    OutsideEnrolment,
    Programme,
    Qualification,
    Target,
)
from yangguang.queries.audit.log_chain import find_broken_links
from yangguang.rules.organisation.sectors import Sector

WRITTEN: dict[str, Callable[[], int]] = {
    "scores": lambda: ExamResult.objects.count(),
    "list of schools": lambda: Qualification.objects.filter(unit__name__startswith="新校").count(),
    "outside list": lambda: OutsideEnrolment.objects.count(),
    "exam board": lambda: ImportedResult.objects.count(),
    "targets": lambda: Target.objects.count(),
    "plan": lambda: Programme.objects.filter(major__startswith="专业").count(),
    "nightly root": lambda: AuditRoot.objects.count(),
}
WHOLE = {
    "scores": 50,
    "list of schools": 3,
    "outside list": 50,
    "exam board": 50,
    "targets": 2,
    "plan": 20,
    "nightly root": 1,
}
_BLOCKED = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
  AND position('INSERT INTO yangguang_auditentry' IN query) > 0
"""
_ALIVE = "SELECT pid FROM pg_stat_activity WHERE pid = ANY(%s)"


@pytest.fixture
def laid(personas: Personas) -> Personas:
    """Schools that are not in the list yet, a round of the exam board, a school that may plan."""
    ready(personas)
    for nth in range(3):
        unit(f"新校{nth}", "SCHOOL", personas.county, sector=Sector.EDUCATION.value)
    board = Ranked.lay(personas, number=1, kind="imported", programme_types=("five_year",))
    board.programme("B", 9, school=board.school("乙校"), programme_type="five_year", major="美术")
    return personas


def wait_for(look: Callable[[], list[int]], *, some: bool) -> list[int]:
    ends = time.monotonic() + 20
    while bool(pids := look()) is not some:
        assert time.monotonic() < ends, "not in time"
        time.sleep(0.02)
    return pids


def kill_before_the_record(name: str) -> None:
    """Start the act in a separate process and kill it when only the record in the log is missing."""
    env = os.environ | {"DATABASE_URL": url(), "YANGGUANG_DEMO": "1", "DJANGO_SETTINGS_MODULE": "yangguang.settings"}
    command = [sys.executable, "-m", "tests.faults.killed_acts", name]
    child = subprocess.Popen(command, env=env, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin
    assert child.stdout
    with psycopg.connect(url(), autocommit=True) as watcher, psycopg.connect(url()) as other:

        def look(sql: str, *params: list[int]) -> list[int]:
            return [pid for (pid,) in watcher.execute(sql, params).fetchall()]

        try:
            assert child.stdout.readline() == "ready\n"
            other.execute("LOCK TABLE yangguang_auditentry IN EXCLUSIVE MODE")
            child.stdin.write("\n")
            child.stdin.flush()
            backends = wait_for(lambda: look(_BLOCKED), some=True)
        finally:
            child.send_signal(signal.SIGKILL)
            child.communicate(timeout=20)
        other.rollback()
        wait_for(lambda: look(_ALIVE, backends), some=False)


@pytest.mark.parametrize("name", ACTS)
def test_a_killed_act_leaves_nothing_and_is_done_again_whole(laid: Personas, name: str) -> None:
    act, officers = ACTS[name]
    for who in officers[:-1]:
        act(who)()
    without = ("yangguang_keychallenge", "yangguang_auditentry", "yangguang_auditchainhead")
    before = contents(*without)

    kill_before_the_record(name)

    assert changed(before, contents(*without)) == set()
    assert WRITTEN[name]() == 0
    act(officers[-1])()

    assert WRITTEN[name]() == WHOLE[name]
    assert list(find_broken_links()) == []
