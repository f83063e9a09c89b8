"""Check-in of a list with a reason for each refused number, and the release of seats after the window."""

from datetime import timedelta

import pytest

from tests.support.builders.enrolment import Enrolled
from tests.support.clients import approve_by_two
from tests.support.personas import Personas, unit
from yangguang import clock
from yangguang.actions.admissions import check_ins
from yangguang.actions.admissions.check_ins import TooEarly
from yangguang.actions.base.dual_approval import AwaitingSecond
from yangguang.models import Admission, AuditEntry, Message, Quota, SeatClaim, SeatEvent, Window
from yangguang.queries.admissions.no_shows import count_no_shows
from yangguang.rules.base.refusals import NotFound, Refused, WindowClosed
from yangguang.rules.seasons.windows import SHANGHAI, WindowKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolled(personas: Personas) -> Enrolled:
    return Enrolled.lay(personas)


def today() -> object:
    return clock.now().astimezone(SHANGHAI).date()


def take(personas: Personas, *numbers: str, **more: object) -> check_ins.CheckInResult:
    arguments = {"school": personas.school, "numbers": list(numbers), "arrived_on": today()} | more
    result: check_ins.CheckInResult = personas.teacher.sign(check_ins.check_in_students, **arguments)
    return result


def close(window: Window) -> None:
    now = clock.now()
    Window.objects.filter(pk=window.pk).update(opens_at=now - timedelta(days=9), closes_at=now - timedelta(minutes=1))


def test_a_student_who_came_is_checked_in_and_the_claim_is_confirmed(enrolled: Enrolled) -> None:
    enrolled.personas.open(WindowKind.CHECK_IN)
    admission = enrolled.admit()
    done = take(enrolled.personas, admission.application.number)

    assert (done.checked_in, done.refused) == ((admission.application.number,), ())
    admission.refresh_from_db()

    assert (admission.state, admission.cause, admission.version) == ("CHECKED_IN", "SCHOOL", 2)
    assert admission.checked_in_at is not None
    assert SeatClaim.objects.get(admission=admission).state == "CONFIRMED"
    assert list(SeatEvent.objects.values_list("state", "cause")) == [("CONFIRMED", "SCHOOL")]
    assert list(Message.objects.values_list("event", "person_id")) == [("check_in.taken", admission.person_id)]


def test_each_number_that_is_not_taken_comes_back_with_its_reason(enrolled: Enrolled) -> None:
    enrolled.personas.open(WindowKind.CHECK_IN)
    elsewhere = unit("甲市第二职业学校", "SCHOOL", enrolled.personas.county, sector="education")
    good, declined, again, other = (
        enrolled.admit("甲"),
        enrolled.admit("乙", state="DECLINED"),
        enrolled.admit("丙", state="CHECKED_IN"),
        enrolled.admit("丁", programme=enrolled.programme(school=elsewhere)),
    )
    twice = enrolled.admit("戊").application.number
    numbers = [row.application.number for row in (good, declined, again, other)]
    done = take(enrolled.personas, *numbers, "0000000000000000", twice, twice)

    assert done.checked_in == (good.application.number,)
    assert {(r.where, r.what) for r in done.refused} == {
        (numbers[1], "这名学生已放弃本校的录取"),
        (numbers[2], "这名学生已经办理过报到"),
        (numbers[3], "本校的录取名单中没有这个报名号"),
        ("0000000000000000", "本校的录取名单中没有这个报名号"),
        (twice, "报名号在名单中出现了2次"),
    }
    assert Admission.objects.filter(state="CHECKED_IN").count() == 2
    facts = AuditEntry.objects.get(action="check_in.take").facts

    assert facts["taken"] == 1
    assert sum(facts["refused"].values()) == 5


def test_outside_the_window_nobody_is_taken_and_the_try_is_kept(enrolled: Enrolled) -> None:
    close(enrolled.personas.open(WindowKind.CHECK_IN))
    admission = enrolled.admit()
    with pytest.raises(WindowClosed):
        take(enrolled.personas, admission.application.number)
    admission.refresh_from_db()

    assert admission.state == "ACCEPTED"
    assert [e.outcome for e in AuditEntry.objects.filter(action="check_in.take")] == ["DENIED"]


def test_the_rounds_own_window_wins_over_the_seasons(enrolled: Enrolled) -> None:
    close(enrolled.personas.open(WindowKind.CHECK_IN))
    Window.objects.create(
        season=enrolled.personas.season,
        round=enrolled.round,
        kind="check_in",
        opens_at=clock.now() - timedelta(days=1),
        closes_at=clock.now() + timedelta(days=1),
    )
    number = enrolled.admit().application.number

    assert take(enrolled.personas, number).checked_in == (number,)


def test_a_list_kept_offline_counts_on_the_day_the_student_came(enrolled: Enrolled) -> None:
    window = enrolled.personas.open(WindowKind.CHECK_IN)
    Window.objects.filter(pk=window.pk).update(opens_at=clock.now() - timedelta(days=5))
    admission = enrolled.admit()
    day = (clock.now() - timedelta(days=3)).astimezone(SHANGHAI).date()
    take(enrolled.personas, admission.application.number, arrived_on=day)
    admission.refresh_from_db()

    assert admission.checked_in_at is not None
    assert admission.checked_in_at.astimezone(SHANGHAI).date() == day
    late = enrolled.admit("乙")
    with pytest.raises(Refused, match="不能晚于今天"):
        take(enrolled.personas, late.application.number, arrived_on=today() + timedelta(days=1))  # type: ignore[operator]


def test_a_list_for_a_day_on_which_nobody_could_come_is_refused_whole(enrolled: Enrolled) -> None:
    window = enrolled.personas.open(WindowKind.CHECK_IN)

    assert window.opens_at is not None
    day = window.opens_at.astimezone(SHANGHAI).date() - timedelta(days=1)
    number = enrolled.admit().application.number
    with pytest.raises(TooEarly, match="早于报到开始") as refusal:
        take(enrolled.personas, "0000000000000000", number, arrived_on=day)

    assert refusal.value.where == "arrived_on"
    assert Admission.objects.get().state == "ACCEPTED"


def test_another_schools_officer_finds_nothing(enrolled: Enrolled) -> None:
    enrolled.personas.open(WindowKind.CHECK_IN)
    elsewhere = unit("甲市第二职业学校", "SCHOOL", enrolled.personas.county, sector="education")
    number = enrolled.admit(programme=enrolled.programme(school=elsewhere)).application.number
    with pytest.raises(NotFound):
        take(enrolled.personas, number, school=elsewhere)


def test_after_the_window_two_people_free_the_seats_nobody_came_for(enrolled: Enrolled) -> None:
    window = enrolled.personas.open(WindowKind.CHECK_IN)
    came, absent, silent = (
        enrolled.admit("甲", state="CHECKED_IN"),
        enrolled.admit("乙"),
        enrolled.admit("丙", state="OFFERED"),
    )
    close(window)
    preview = count_no_shows(enrolled.personas.pe1.actor, enrolled.round)

    assert preview == [(enrolled.personas.school.name, 2)]
    first = enrolled.personas.pe1.sign(check_ins.release_absent, round=enrolled.round)

    assert isinstance(first, AwaitingSecond)
    assert enrolled.personas.pe2.sign(check_ins.release_absent, round=enrolled.round).result == 2
    rows = Admission.objects.order_by("pk").values_list("state", "cause")

    assert list(rows) == [("CHECKED_IN", "SYSTEM"), ("ABSENT", "SYSTEM"), ("ABSENT", "SYSTEM")]
    assert Quota.objects.get().taken == 1
    assert SeatClaim.objects.get(admission=came).state == "CONFIRMED"
    released = SeatClaim.objects.filter(admission__in=[absent, silent]).values_list("state", flat=True)

    assert set(released) == {"RELEASED"}
    assert Message.objects.filter(event="check_in.absent").count() == 2
    assert count_no_shows(enrolled.personas.pe1.actor, enrolled.round) == []


def test_while_students_may_still_come_nothing_is_released(enrolled: Enrolled) -> None:
    enrolled.personas.open(WindowKind.CHECK_IN)
    enrolled.admit()
    with pytest.raises(Refused, match="报到还没有结束"):
        approve_by_two(enrolled.personas.pe1, enrolled.personas.pe2, check_ins.release_absent, round=enrolled.round)

    assert Admission.objects.get().state == "ACCEPTED"


def test_a_citys_release_stops_at_the_city(enrolled: Enrolled) -> None:
    window = enrolled.personas.open(WindowKind.CHECK_IN)
    elsewhere = unit("乙市第一职业学校", "SCHOOL", enrolled.personas.other_city, sector="education")
    enrolled.admit("甲")
    far = enrolled.admit("乙", programme=enrolled.programme(school=elsewhere))
    close(window)

    assert [row.absent for row in count_no_shows(enrolled.personas.me.actor, enrolled.round)] == [1]
    assert far.state == "ACCEPTED"
