"""Two officers publish the same run at once, or the power goes in the middle: one publication, whole or not at all."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection

from tests.access.world import changed, contents
from tests.support.builders.crowd import at_once
from tests.support.builders.ranked_round import Ranked
from tests.support.personas import Personas, officer
from yangguang.actions.runs import runs
from yangguang.models import Admission, AdmissionRun, AuditEntry, Message, Quota, SeatClaim
from yangguang.queries.audit.invariants.catalogue import check_invariants
from yangguang.queries.audit.log_chain import find_broken_links
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.refusals import IllegalMove

ROOT = Path(__file__).resolve().parents[2]
PUBLISH = """
import django
django.setup()
from yangguang.actions.runs import runs
from tests.support.clients import OfficerClient
from yangguang.models import AdmissionRun
print("ready", flush=True)
OfficerClient("pe1").sign(runs.publish, run=AdmissionRun.objects.get())
print("done", flush=True)
"""


@pytest.fixture
def approved(personas: Personas) -> tuple[Personas, AdmissionRun]:
    laid = Ranked.lay(personas)
    laid.programme("A", 4)
    laid.programme("B", 3)
    for nth in range(12):
        laid.apply(600 - nth, "A", "B")
    laid.close()
    run = laid.approved()
    return personas, run


def seated() -> tuple[int, int, int, int]:
    taken = sum(Quota.objects.values_list("taken", flat=True))
    return (Admission.objects.count(), SeatClaim.objects.filter(state="HELD").count(), taken, Message.objects.count())


def test_two_officers_at_once_publish_once(approved: tuple[Personas, AdmissionRun]) -> None:
    personas, run = approved
    officers = [personas.pe1, officer("pe3", Role.PROVINCE_EDUCATION, personas.province)] * 2

    def publishes(who: object) -> Callable[[], object]:
        return lambda: who.sign(runs.publish, run=run)  # type: ignore[attr-defined]

    said = at_once([publishes(who) for who in officers[:2]], 2)

    assert sorted(type(answer).__name__ for answer in said) == ["AdmissionRun", "IllegalMove"]
    assert any(isinstance(answer, IllegalMove) for answer in said)
    assert seated() == (7, 7, 7, 12)
    assert AuditEntry.objects.filter(action="run.publish", outcome="DONE").count() == 1
    assert list(find_broken_links()) == []
    assert _broken() == []


def _broken() -> list[int]:
    """Invariants that do not hold; the choices of these rounds were laid as rows, without a window before them."""
    return [one.number for one in check_invariants().broken if one.number not in (6, 11, 12)]


@pytest.fixture
def held(approved: tuple[Personas, AdmissionRun]) -> Iterator[psycopg.Connection]:
    """Another connection holds the table of messages, so that a publication stops with its seats taken."""
    with psycopg.connect(_url()) as other:
        other.execute("LOCK TABLE yangguang_message IN EXCLUSIVE MODE")
        yield other


def _url() -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


_WAITING = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%INSERT INTO yangguang_message%'
"""


def _until(look: Callable[[], list[int]], wanted: bool) -> list[int]:
    deadline = time.monotonic() + 20
    while bool(found := look()) is not wanted:
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.05)
    return found


def test_a_publication_that_is_killed_leaves_nothing_and_is_done_again_whole(
    approved: tuple[Personas, AdmissionRun], held: psycopg.Connection
) -> None:
    personas, run = approved
    before = contents("yangguang_keychallenge", "yangguang_auditentry", "yangguang_auditchainhead")
    env = os.environ | {"DATABASE_URL": _url(), "YANGGUANG_DEMO": "1", "DJANGO_SETTINGS_MODULE": "yangguang.settings"}
    with psycopg.connect(_url(), autocommit=True) as watcher:

        def waiting() -> list[int]:
            return [pid for (pid,) in watcher.execute(_WAITING).fetchall()]

        child = subprocess.Popen([sys.executable, "-c", PUBLISH], env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            backends = _until(waiting, True)
        finally:
            child.send_signal(signal.SIGKILL)
            out, _ = child.communicate(timeout=20)
        assert (child.returncode, out) == (-signal.SIGKILL, "ready\n")
        held.rollback()
        alive = "SELECT pid FROM pg_stat_activity WHERE pid = ANY(%s)"
        _until(lambda: [pid for (pid,) in watcher.execute(alive, (backends,)).fetchall()], False)
    after = contents("yangguang_keychallenge", "yangguang_auditentry", "yangguang_auditchainhead")

    assert (seated(), changed(before, after)) == ((0, 0, 0, 0), set())
    run.refresh_from_db()

    assert (run.state, list(find_broken_links())) == ("APPROVED", [])
    output = run.output_hash
    done = personas.pe1.sign(runs.publish, run=run)

    assert (done.state, done.output_hash, seated()) == ("PUBLISHED", output, (7, 7, 7, 12))
    assert list(find_broken_links()) == []
    assert _broken() == []
