"""2,000 students, 100 seats, 40 at once, five seeds: exactly 100; with the guard taken away more. (trust.md 1, 3)

All through the real action, about 25 s on two cores; `tests/faults/test_seats_over_http.py` does it through gunicorn.
"""

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from tests.actions.crowd import at_once, committed
from tests.actions.seekers import direct_round, said, seekers, shuffled, vacate, with_codes
from tests.ranked import Ranked
from yangguang.models import Admission, Application, PlanBucket, SeatClaim, SeatEvent
from yangguang.queries.invariants import check
from yangguang.queries.rows import fetch_one

__all__ = ["committed"]
STUDENTS, SEATS, SEEDS, THREADS = 2000, 100, 5, 40
FULL_UP = "这个专业的名额已经注册满了"


@pytest.fixture
def crowd(committed: None) -> tuple[Ranked, list[Application]]:
    """One line of a walk-in round and the students who want it."""
    laid = direct_round(SEATS)
    return laid, seekers(laid, STUDENTS)


def test_exactly_as_many_are_seated_as_there_are_seats(crowd: tuple[Ranked, list[Application]]) -> None:
    laid, students = crowd
    for seed in range(SEEDS):
        vacate()
        answers = at_once(shuffled(with_codes(laid, students), seed), THREADS)
        assert said(answers) == {"Admission": SEATS, FULL_UP: STUDENTS - SEATS}
        assert PlanBucket.objects.get().taken == SEATS
        assert SeatClaim.objects.filter(state="HELD").count() == SEATS
        assert (Admission.objects.count(), SeatEvent.objects.count()) == (SEATS, SEATS)
    assert check([1, 2, 6, 13]).broken == []


def test_one_student_on_forty_devices_gets_one_seat(crowd: tuple[Ranked, list[Application]]) -> None:
    laid, (student, *_) = crowd
    acts = [with_codes(laid, [student])[0] for _ in range(THREADS)]
    assert said(at_once(acts, THREADS)) == {"Admission": 1, "您本年度已经占用一个名额": THREADS - 1}
    assert PlanBucket.objects.get().taken == 1


def unguarded(bucket: int) -> Callable[[], bool]:
    """Look first, then take: what the guard is there against."""

    def act() -> bool:
        with transaction.atomic():
            row = fetch_one(
                "SELECT taken < seats, pg_sleep(0.005) FROM yangguang_planbucket WHERE id = %s", (bucket,)
            )
            if row is None or not row[0]:
                return False
            fetch_one(
                "UPDATE yangguang_planbucket SET taken = taken + 1 WHERE id = %s RETURNING taken", (bucket,)
            )
            return True

    return act


def test_without_the_guard_seats_are_oversold(crowd: tuple[Ranked, list[Application]]) -> None:
    bucket = PlanBucket.objects.get().pk
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE yangguang_planbucket DROP CONSTRAINT bucket_never_over")
    try:
        answers = at_once([unguarded(bucket)] * STUDENTS, THREADS)
    finally:
        taken = PlanBucket.objects.get().taken
        PlanBucket.objects.update(taken=0)
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE yangguang_planbucket ADD CONSTRAINT bucket_never_over CHECK (taken <= seats)"
            )
    assert taken == sum(answer is True for answer in answers) > SEATS
