"""The power goes in the middle of an offer run: nothing is half, and the next run does the whole once. (T1.03)"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.access.world import changed, contents
from tests.actions.admissions.test_waiting_list_under_load import counted, declines, taken, waited
from tests.faults.test_publication import _url
from tests.support.builders.crowd import committed
from tests.support.builders.waiting_list import Waited
from yangguang.models import Message, WaitingList, WaitingPlace
from yangguang.queries.audit.log_chain import find_broken_links

__all__ = ["committed", "waited"]
ROOT = Path(__file__).resolve().parents[2]
OFFER = """
import django
django.setup()
from yangguang.actions.admissions import waiting_list_actions
from yangguang.models import Round
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.roles import Role
print("ready", flush=True)
waiting_list_actions.offer_due(by=Actor(role=Role.OPERATOR, name="系统"), round=Round.objects.get())
print("done", flush=True)
"""
LOG = ("yangguang_auditentry", "yangguang_auditchainhead")
# Where the run is when the power goes: it waits for a lock that the test holds on this table.
PLACES = {
    "before anything is written": "yangguang_quota",
    "after the places": "yangguang_waitingoffer",
    "after the offers, before the messages": "yangguang_message",
    "at the very end": "yangguang_auditchainhead",
}
_WAITING = """
SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> %s
"""


@pytest.fixture(params=PLACES.values(), ids=PLACES)
def held(request: pytest.FixtureRequest, waited: Waited) -> Iterator[psycopg.Connection]:
    """A lock in the way of the run, on one table after the other."""
    for nth in range(3):
        declines(waited, f"P{nth:02d}")()
    with psycopg.connect(_url()) as holder:
        mode = "EXCLUSIVE" if request.param != "yangguang_waitingoffer" else "SHARE"
        holder.execute(f"LOCK TABLE {request.param} IN {mode} MODE")
        yield holder


def _until(look: Callable[[], list[int]], wanted: bool) -> list[int]:
    deadline = time.monotonic() + 30
    while bool(found := look()) is not wanted:
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.05)
    return found


def test_an_offer_run_that_is_killed_leaves_nothing_half_and_the_next_does_it_once(
    waited: Waited, held: psycopg.Connection
) -> None:
    before = contents(*LOG)
    connection.close()
    env = os.environ | {"DATABASE_URL": _url(), "YANGGUANG_DEMO": "1", "DJANGO_SETTINGS_MODULE": "yangguang.settings"}
    with psycopg.connect(_url(), autocommit=True) as watcher:
        child = subprocess.Popen([sys.executable, "-c", OFFER], env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            stuck = _until(lambda: [pid for (pid,) in watcher.execute(_WAITING, (held.info.backend_pid,))], True)
        finally:
            child.send_signal(signal.SIGKILL)
            out, _ = child.communicate(timeout=20)
        assert (child.returncode, out) == (-signal.SIGKILL, "ready\n")
        held.rollback()
        alive = "SELECT pid FROM pg_stat_activity WHERE pid = ANY(%s)"
        _until(lambda: [pid for (pid,) in watcher.execute(alive, (stuck,))], False)

    assert changed(before, contents(*LOG)) == set()
    assert (waited.offers(), WaitingPlace.objects.count(), WaitingList.objects.count()) == ({}, 0, 0)
    assert waited.offer_due() == 3
    assert waited.offer_due() == 0
    assert waited.offers() == {"P12": "A", "P13": "A", "P14": "A"}
    assert taken() == counted()
    assert Message.objects.filter(event="waiting.offer").count() == 3
    assert list(find_broken_links()) == []
