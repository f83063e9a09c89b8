"""2,000 students, 100 seats, 40 at once, five seeds: exactly 100; with the guards taken away more. (T1.01, T1.03)

All through the real action, about 25 s on two cores; `tests/faults/test_seats_over_http.py` does it through gunicorn.
Two guards each refuse alone: the condition of the statement that takes a seat, and the CHECK of the quota.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from tests.support.builders.crowd import at_once, committed
from tests.support.builders.ranked_round import Ranked
from tests.support.builders.seat_seekers import direct_round, said, seekers, shuffled, vacate, with_codes
from yangguang.actions.admissions import seats
from yangguang.models import Admission, Application, Quota, SeatClaim, SeatEvent
from yangguang.queries.audit.invariants.catalogue import check_invariants

__all__ = ["committed"]
STUDENTS, SEATS, SEEDS, THREADS = 2000, 100, 5, 40
FEW = 300
GUARD = " AND taken < seats"
FULL_UP = "这个专业的名额已经注册满了"


@pytest.fixture
def crowd(committed: None) -> tuple[Ranked, list[Application]]:
    """One programme of a direct round and the students who want it."""
    laid = direct_round(SEATS)
    return laid, seekers(laid, STUDENTS)


@pytest.fixture
def few(committed: None) -> tuple[Ranked, list[Application]]:
    """The same programme, and three for each of its seats."""
    laid = direct_round(SEATS)
    return laid, seekers(laid, FEW)


@pytest.mark.slow
def test_exactly_as_many_are_seated_as_there_are_seats(crowd: tuple[Ranked, list[Application]]) -> None:
    laid, students = crowd
    for seed in range(SEEDS):
        vacate()
        answers = at_once(shuffled(with_codes(laid, students), seed), THREADS)
        assert said(answers) == {"Admission": SEATS, FULL_UP: STUDENTS - SEATS}
        assert Quota.objects.get().taken == SEATS
        assert SeatClaim.objects.filter(state="HELD").count() == SEATS
        assert (Admission.objects.count(), SeatEvent.objects.count()) == (SEATS, SEATS)

    assert check_invariants([1, 2, 6, 13]).broken == []


def test_one_student_on_forty_devices_gets_one_seat(few: tuple[Ranked, list[Application]]) -> None:
    laid, (student, *_) = few
    acts = [with_codes(laid, [student])[0] for _ in range(THREADS)]

    answers = said(at_once(acts, THREADS))

    # Only the newest code counts; the devices whose code came earlier are refused before they reach the seat.
    assert answers.pop("Admission") == 1
    assert answers.total() == THREADS - 1
    assert set(answers) <= {"验证码不对、已过期或已用过", "您本年度已经占用一个名额"}
    assert Quota.objects.get().taken == 1


def rushed(laid: Ranked, students: list[Application]) -> Counter[str]:
    """The same rush as above, of the first seed."""
    return said(at_once(shuffled(with_codes(laid, students), 0), THREADS))


def seated() -> tuple[int, int, int]:
    live = SeatClaim.objects.filter(state="HELD").count()
    return Quota.objects.get().taken, live, Admission.objects.count()


@contextmanager
def without_the_check() -> Iterator[None]:
    """The database no longer refuses one seat too many; what was given is taken back before it does again."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE yangguang_quota DROP CONSTRAINT quota_never_over")
    try:
        yield
    finally:
        vacate()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE yangguang_quota ADD CONSTRAINT quota_never_over CHECK (taken <= seats)")


@pytest.fixture
def unconditional(monkeypatch: pytest.MonkeyPatch) -> None:
    """The product's own statement without its condition."""
    assert seats._ADMIT_ONE.count(GUARD) == 1
    monkeypatch.setattr(seats, "_ADMIT_ONE", seats._ADMIT_ONE.replace(GUARD, ""))


def test_without_both_guards_the_same_rush_oversells(
    crowd: tuple[Ranked, list[Application]], unconditional: None
) -> None:
    with without_the_check():
        answers = rushed(*crowd)
        taken, live, admitted = seated()
    assert taken == live == admitted == answers["Admission"] > SEATS


def test_the_check_refuses_alone(few: tuple[Ranked, list[Application]], unconditional: None) -> None:
    answers = rushed(*few)

    assert answers == {"Admission": SEATS, "IntegrityError": FEW - SEATS}
    assert seated() == (SEATS, SEATS, SEATS)


def test_the_condition_refuses_alone(few: tuple[Ranked, list[Application]]) -> None:
    with without_the_check():
        answers = rushed(*few)
        left = seated()

    assert answers == {"Admission": SEATS, FULL_UP: FEW - SEATS}
    assert left == (SEATS, SEATS, SEATS)
