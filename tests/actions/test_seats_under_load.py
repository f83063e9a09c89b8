"""300 students, 20 seats, 20 at once: exactly 20 — and with the guard taken away, more than 20. (trust.md 1, 3)"""

from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from tests.actions.consent import confirmed
from tests.actions.crowd import at_once, committed
from tests.cast import Cast, unit
from tests.ranked import Ranked
from yangguang import clock
from yangguang.actions import claims
from yangguang.models import Admission, Application, PlanBucket, Season, SeatClaim, SeatEvent
from yangguang.queries.rows import fetch_one
from yangguang.rules.lines import Line
from yangguang.rules.refusals import Refused
from yangguang.rules.rounds import WindowKind

__all__ = ["committed"]
STUDENTS, SEATS, THREADS = 300, 20, 20


def school_only() -> Cast:
    """As much of a cast as students need."""
    province = unit("测试省", "PROVINCE", None)
    county = unit("甲市一县", "COUNTY", province)
    school = unit("甲市第一职业学校", "SCHOOL", county, line=Line.EDUCATION.value, governed_by="COUNTY")
    season = Season.objects.create(year=clock.now().year, term="AUTUMN", is_current=True)
    nobody = None
    return Cast(
        province, county, county, county, school, season, nobody, nobody, nobody, nobody, nobody  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.fixture
def crowd(committed: None) -> tuple[Ranked, list[Application]]:
    """A line of 20 seats and 300 students who want one."""
    laid = Ranked.lay(school_only(), number=5, kind="direct")
    laid.line("A", SEATS)
    laid.window(WindowKind.CHOICES, -1, 1)
    with transaction.atomic():
        students = [laid.apply(None) for _ in range(STUDENTS)]
    return laid, students


def consent(laid: Ranked, student: Application) -> Callable[[], Admission]:
    return lambda: confirmed(claims.claim, application=student, round=laid.round, plan_line=laid.lines["A"])


def test_exactly_as_many_are_seated_as_there_are_seats(crowd: tuple[Ranked, list[Application]]) -> None:
    laid, students = crowd
    answers = at_once([consent(laid, student) for student in students], THREADS)
    said = Counter(type(a).__name__ if not isinstance(a, Refused) else a.what for a in answers)
    assert said == {"Admission": SEATS, "这个专业的名额已经注册满了": STUDENTS - SEATS}
    assert PlanBucket.objects.get().taken == SEATS
    assert SeatClaim.objects.filter(state="HELD").count() == SEATS
    assert (Admission.objects.count(), SeatEvent.objects.count()) == (SEATS, SEATS)


def test_one_student_on_twenty_devices_gets_one_seat(crowd: tuple[Ranked, list[Application]]) -> None:
    laid, (student, *_) = crowd
    answers = at_once([consent(laid, student)] * THREADS, THREADS)
    said = Counter(type(a).__name__ if not isinstance(a, Refused) else a.what for a in answers)
    assert said == {"Admission": 1, "您本年度已经占用一个名额": THREADS - 1}
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
