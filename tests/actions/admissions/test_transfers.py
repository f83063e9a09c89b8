"""换录: the old seat is given back and the new one taken in one transaction, or nothing has changed."""

from datetime import timedelta

import pytest

from tests.support.builders.ranked_round import Ranked
from tests.support.builders.waiting_list import says
from tests.support.personas import Personas
from yangguang import clock
from yangguang.actions.admissions import direct_enrolment, transfers
from yangguang.models import (
    Admission,
    Application,
    AuditEntry,
    IdentityCase,
    Quota,
    Sanction,
    SeatClaim,
    StudentRecord,
    ViolationKind,
    Withdrawal,
)
from yangguang.queries.audit.invariants.catalogue import check_invariants
from yangguang.rules.base.refusals import Refused, WindowClosed
from yangguang.rules.seasons.windows import WindowKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def laid(personas: Personas) -> Ranked:
    """A direct round with programmes A and B, one seat each, and one student who has a seat at A."""
    laid = Ranked.lay(personas, number=5, kind="direct")
    laid.programme("A", 1)
    laid.programme("B", 1)
    laid.window(WindowKind.CHOICES, -1, 1)
    return laid


@pytest.fixture
def student(laid: Ranked) -> Application:
    application = laid.apply(None, number="N1")
    says(application, direct_enrolment.enrol, application=application, round=laid.round, programme=laid.programmes["A"])
    return application


def moves(laid: Ranked, student: Application, code: str = "B") -> Admission:
    admission: Admission = says(
        student, transfers.transfer, application=student, round=laid.round, programme=laid.programmes[code]
    )
    return admission


def taken() -> dict[str, int]:
    return dict(Quota.objects.values_list("programme__code", "taken"))


def test_one_seat_is_given_back_and_the_other_taken(laid: Ranked, student: Application) -> None:
    got = moves(laid, student)
    old = Admission.objects.exclude(pk=got.pk).get()

    assert (got.state, got.cause, taken()) == ("ACCEPTED", "STUDENT", {"A": 0, "B": 1})
    assert (old.state, old.cause, old.reason) == ("RELEASED", "STUDENT", "transferred")
    assert sorted(SeatClaim.objects.values_list("state", flat=True)) == ["HELD", "RELEASED"]
    assert [one.number for one in check_invariants((1, 2, 6)).broken] == []
    assert AuditEntry.objects.get(action="seat.transfer").facts["programme"] == "B"


def test_a_full_programme_changes_nothing(laid: Ranked, student: Application) -> None:
    other = laid.apply(None, number="N2")
    says(other, direct_enrolment.enrol, application=other, round=laid.round, programme=laid.programmes["B"])
    with pytest.raises(Refused, match="没有名额"):
        moves(laid, student)

    assert taken() == {"A": 1, "B": 1}
    assert Admission.objects.get(application=student).state == "ACCEPTED"
    assert SeatClaim.objects.filter(state="HELD").count() == 2


def test_after_the_record_it_is_a_change_of_the_record(laid: Ranked, student: Application) -> None:
    admission = Admission.objects.get()
    Admission.objects.filter(pk=admission.pk).update(state="CHECKED_IN", checked_in_at=clock.now())
    SeatClaim.objects.update(state="CONFIRMED")

    assert moves(laid, student).programme.code == "B", "before the record a student who came may still move"
    back = Admission.objects.get(state="ACCEPTED")
    StudentRecord.objects.create(
        person=back.person,
        admission=back,
        school=back.school,
        number="20240000001",
        major="x",
        programme_type="three_year",
        entered_on="2024-09-01",
        state="CREATED",
    )
    with pytest.raises(Refused, match="学籍已经生成"):
        moves(laid, student, "A")


def test_nothing_held_or_not_answered_is_said(laid: Ranked, student: Application) -> None:
    other = laid.apply(None, number="N2")
    with pytest.raises(Refused, match="现在没有名额"):
        moves(laid, other)
    with pytest.raises(Refused, match="已经在这个专业"):
        moves(laid, student, "A")
    ranked = Ranked.lay(laid.personas, number=8)
    ranked.window(WindowKind.CHOICES, -1, 1)
    with pytest.raises(Refused, match="不办理换录"):
        says(student, transfers.transfer, application=student, round=ranked.round, programme=laid.programmes["B"])


def test_a_round_of_transfer_takes_only_those_who_hold_a_seat(laid: Ranked, student: Application) -> None:
    special = Ranked.lay(laid.personas, number=7, kind="transfer")
    special.window(WindowKind.CHOICES, -1, 1)
    special.programme("C", 1)
    other = laid.apply(None, number="N2")
    with pytest.raises(Refused, match="不是免试注册批次"):
        says(other, direct_enrolment.enrol, application=other, round=special.round, programme=special.programmes["C"])

    assert moves(special, student, "C").programme.code == "C"


def test_outside_of_the_window_nobody_moves(laid: Ranked, student: Application) -> None:
    laid.window(WindowKind.CHOICES, -2, -1)
    with pytest.raises(WindowClosed):
        moves(laid, student)

    assert taken() == {"A": 1, "B": 0}


def test_in_an_open_case_nothing_moves(laid: Ranked, student: Application) -> None:
    other = laid.apply(None, number="N2")
    IdentityCase.objects.create(
        season_year=laid.personas.season.year,
        person=student.person,
        other=other.person,
        unit=laid.personas.county,
        score=90,
        reasons=["x"],
    )
    with pytest.raises(Refused, match="正在核查"):
        moves(laid, student)


def test_within_a_full_capped_school_a_student_moves_and_a_stopped_one_takes_nobody(
    laid: Ranked, student: Application
) -> None:
    now = clock.now()
    account = student.person.account
    other = laid.apply(None, number="N2")
    measure = Sanction.objects.create(
        unit=laid.personas.school,
        kind="CAP",
        cap=1,
        state="DECIDED",
        sentence="测试",
        starts_at=now - timedelta(days=1),
        decided_at=now - timedelta(days=1),
        proposed_by=account,
        decided_by=other.person.account,
        violation=ViolationKind.objects.create(year=2023, position=1, text="严禁虚假宣传", source="测试", clause="二"),
    )
    moves(laid, student)
    Sanction.objects.filter(pk=measure.pk).update(kind="STOP", cap=None)
    with pytest.raises(Refused, match="停止招生"):
        moves(laid, student, "A")

    assert taken() == {"A": 0, "B": 1}


def test_a_running_release_ends_with_the_move(laid: Ranked, student: Application) -> None:
    now = clock.now()
    withdrawal = Withdrawal.objects.create(
        admission=Admission.objects.get(), reason="family", requested_at=now, due_at=now + timedelta(days=3)
    )
    moves(laid, student)
    withdrawal.refresh_from_db()

    assert withdrawal.state == "OVERTAKEN"
