"""Advisory locks: each purpose has its own class, so no one waits for what has nothing to do with them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction

import yangguang
from yangguang.actions.admissions import waiting_list_refresh
from yangguang.actions.choices import registration_caps
from yangguang.models import Round
from yangguang.postgres.locks import LockClass, take_lock
from yangguang.postgres.sql import execute

pytestmark = pytest.mark.django_db
PACKAGE = Path(yangguang.__file__).parent
SAME = 7
"""A row id that a round and a school have both."""


def waits(act: Callable[[], None]) -> bool:
    """Whether `act` has to wait, on another connection, for a lock of this test's transaction."""

    def attempt() -> bool:
        try:
            with transaction.atomic():
                execute("SET LOCAL lock_timeout = '300ms'")
                act()
        except OperationalError:
            return True
        finally:
            connection.close()
        return False

    with ThreadPoolExecutor(1) as other:
        return other.submit(attempt).result(timeout=30)


def test_a_submission_does_not_wait_for_a_round_whose_waiting_list_is_worked_through() -> None:
    waiting_list_refresh.lock_list(Round(pk=SAME))

    waited = waits(lambda: registration_caps.require_room(1, 1, {SAME: (10, "甲校·护理", 1)}, lock=True))

    assert not waited


def test_a_lock_of_the_same_purpose_and_key_is_waited_for_until_the_transaction_ends() -> None:
    with transaction.atomic():
        take_lock(LockClass.WAITING_LIST, SAME)

    assert waits(lambda: take_lock(LockClass.WAITING_LIST, SAME))


def test_another_key_of_the_same_purpose_is_not_waited_for() -> None:
    take_lock(LockClass.WAITING_LIST, SAME)

    assert not waits(lambda: take_lock(LockClass.WAITING_LIST, SAME + 1))


@pytest.mark.parametrize("other", LockClass)
def test_no_purpose_waits_for_another_with_the_same_key(other: LockClass) -> None:
    for purpose in set(LockClass) - {other}:
        take_lock(purpose, SAME)

    assert not waits(lambda: take_lock(other, SAME))


def test_no_two_purposes_share_a_class() -> None:
    names = LockClass.__members__

    assert len({purpose.value for purpose in names.values()}) == len(names)


def test_several_keys_are_locked_by_one_call_and_texts_are_keys_too() -> None:
    take_lock(LockClass.REPORT, "3/one", "3/two")

    assert waits(lambda: take_lock(LockClass.REPORT, "3/one"))
    assert waits(lambda: take_lock(LockClass.REPORT, "3/two"))
    assert not waits(lambda: take_lock(LockClass.REPORT, "3/three"))


def test_every_advisory_lock_is_of_a_class_and_taken_through_this_module_but_for_one_sql_function() -> None:
    users = {path.name: path.read_text() for path in PACKAGE.rglob("*") if path.suffix in (".py", ".sql")}

    users = {name: text for name, text in users.items() if "pg_advisory" in text}

    assert set(users) == {"locks.py", "first_answer.sql"}
    assert f"pg_advisory_xact_lock({LockClass.REQUEST.value}, " in users["first_answer.sql"]
