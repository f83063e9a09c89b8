"""退录: the student asks, the school may comment without a veto, and the request takes effect when it is due."""

from datetime import timedelta

import pytest

from tests.support.builders.enrolment import Enrolled
from tests.support.builders.waiting_list import says
from tests.support.personas import SHELL, Personas, unit
from yangguang import clock
from yangguang.actions.admissions import withdrawals
from yangguang.actions.records import records
from yangguang.models import (
    Admission,
    AuditEntry,
    Message,
    Quota,
    SeatClaim,
    StudentRecord,
    Withdrawal,
)
from yangguang.queries.admissions.withdrawal_clocks import compute_due
from yangguang.queries.admissions.withdrawals import count_by_school
from yangguang.queries.audit.invariants.catalogue import check_invariants
from yangguang.rules.admissions.withdrawals import WithdrawalReason
from yangguang.rules.base.refusals import IllegalMove, NotFound, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolled(personas: Personas) -> Enrolled:
    return Enrolled.lay(personas)


def asks(admission: Admission, reason: WithdrawalReason = WithdrawalReason.FAMILY, note: str = "") -> Withdrawal:
    withdrawal: Withdrawal = says(admission.application, withdrawals.ask, admission=admission, reason=reason, note=note)
    return withdrawal


def run_out(release: Withdrawal) -> None:
    Withdrawal.objects.filter(pk=release.pk).update(due_at=clock.now() - timedelta(seconds=1))


def speaks(enrolled: Enrolled, release: Withdrawal, *, agrees: bool, text: str = "") -> Withdrawal:
    withdrawal: Withdrawal = enrolled.personas.teacher.sign(
        withdrawals.comment, withdrawal=release, agrees=agrees, text=text
    )
    return withdrawal


def test_a_request_holds_the_seat_until_its_clock_runs_out(enrolled: Enrolled) -> None:
    admission = enrolled.admit()
    release = asks(admission, note="搬家")

    assert withdrawals.carry_out(by=SHELL) == 0
    admission.refresh_from_db()

    assert (admission.state, Quota.objects.get().taken, release.state) == ("ACCEPTED", 1, "REQUESTED")
    assert release.due_at == compute_due(release.requested_at).at


def test_the_schools_silence_releases_and_the_seat_is_free(enrolled: Enrolled) -> None:
    admission = enrolled.admit(state="CHECKED_IN")
    release = asks(admission)
    run_out(release)

    assert withdrawals.carry_out(by=SHELL) == 1
    admission.refresh_from_db()
    release.refresh_from_db()

    assert (admission.state, admission.cause, admission.reason) == ("RELEASED", "STUDENT", "asked_out")
    assert (release.state, Quota.objects.get().taken) == ("RELEASED", 0)
    assert SeatClaim.objects.get().state == "RELEASED"
    assert withdrawals.carry_out(by=SHELL) == 0
    assert Message.objects.filter(event="withdrawal.done").count() == 1
    assert [one.number for one in check_invariants((1, 2, 4)).broken] == []


def test_without_objection_it_happens_at_once(enrolled: Enrolled) -> None:
    admission = enrolled.admit()
    done = speaks(enrolled, asks(admission), agrees=True)
    admission.refresh_from_db()

    assert (done.state, admission.state, admission.reason) == ("RELEASED", "RELEASED", "school_agreed")


def test_an_objection_is_told_to_the_student_and_stops_nothing(enrolled: Enrolled) -> None:
    admission = enrolled.admit()
    release = speaks(enrolled, asks(admission), agrees=False, text="可以调换班级，请再考虑")

    assert (release.state, Message.objects.filter(event="withdrawal.comment").count()) == ("COMMENTED", 1)
    run_out(release)

    assert withdrawals.carry_out(by=SHELL) == 1
    admission.refresh_from_db()

    assert admission.state == "RELEASED"


def test_an_objection_needs_a_word_and_comes_once(enrolled: Enrolled) -> None:
    release = asks(enrolled.admit())
    with pytest.raises(Refused, match="没有写意见"):
        speaks(enrolled, release, agrees=False)
    speaks(enrolled, release, agrees=False, text="请再考虑")
    with pytest.raises(IllegalMove):
        speaks(enrolled, release, agrees=True)


def test_the_student_may_take_the_request_back_and_ask_again(enrolled: Enrolled) -> None:
    admission = enrolled.admit()
    release = asks(admission)
    with pytest.raises(IllegalMove, match="已经申请退录"):
        asks(admission)
    says(admission.application, withdrawals.take_back, withdrawal=release)
    run_out(release)

    assert withdrawals.carry_out(by=SHELL) == 0
    admission.refresh_from_db()

    assert admission.state == "ACCEPTED"
    assert asks(admission).state == "REQUESTED"


def test_after_the_record_it_is_a_change_of_the_record(enrolled: Enrolled) -> None:
    admission = enrolled.admit(state="CHECKED_IN")
    StudentRecord.objects.create(
        person=admission.person,
        admission=admission,
        school=admission.school,
        number="20240000001",
        major="护理",
        programme_type="three_year",
        entered_on="2024-09-01",
        state="CREATED",
    )
    with pytest.raises(Refused, match="学籍已经生成"):
        asks(admission)


@pytest.mark.parametrize(("state", "says_what"), [("OFFERED", "还没有应答"), ("DECLINED", "已经终止")])
def test_only_a_held_and_answered_seat_is_released(enrolled: Enrolled, state: str, says_what: str) -> None:
    with pytest.raises(IllegalMove, match=says_what):
        asks(enrolled.admit(state=state))


def test_while_the_clock_runs_no_record_is_made(enrolled: Enrolled) -> None:
    admission = enrolled.admit(state="CHECKED_IN")
    asks(admission)

    assert enrolled.personas.pe1.sign(records.make_due, season=enrolled.round.season) == 0


def test_an_admission_that_ended_otherwise_closes_the_request(enrolled: Enrolled) -> None:
    admission = enrolled.admit()
    release = asks(admission)
    run_out(release)
    Admission.objects.filter(pk=admission.pk).update(state="ABSENT", ended_at=clock.now())
    SeatClaim.objects.update(state="RELEASED")
    Quota.objects.update(taken=0)

    assert withdrawals.carry_out(by=SHELL) == 0
    release.refresh_from_db()

    assert (release.state, Quota.objects.get().taken) == ("OVERTAKEN", 0)
    assert AuditEntry.objects.get(action="withdrawal.carry_out").facts["overtaken"] == 1


def test_another_school_and_another_family_find_nothing(enrolled: Enrolled) -> None:
    elsewhere = unit("甲市第二职业学校", "SCHOOL", enrolled.personas.county, sector="education")
    far = enrolled.admit("乙", programme=enrolled.programme(school=elsewhere))
    release = asks(far)
    with pytest.raises(NotFound):
        speaks(enrolled, release, agrees=True)
    with pytest.raises(NotFound):
        says(enrolled.admit("丙").application, withdrawals.take_back, withdrawal=release)


def test_numbers_of_persons_do_not_get_into_the_note(enrolled: Enrolled) -> None:
    with pytest.raises(Refused, match="手机号"):
        asks(enrolled.admit(), note="请打13812345678")


def test_reasons_are_counted_by_school_and_those_at_the_school_come_first(enrolled: Enrolled) -> None:
    elsewhere = unit("甲市第二职业学校", "SCHOOL", enrolled.personas.county, sector="education")
    for reason in (WithdrawalReason.FAMILY, WithdrawalReason.FAMILY, WithdrawalReason.WORK):
        asks(enrolled.admit(reason.label), reason)
    run_out(
        asks(enrolled.admit("丁", programme=enrolled.programme(school=elsewhere)), WithdrawalReason.NOT_AS_PROMISED)
    )
    withdrawals.carry_out(by=SHELL)

    counts = count_by_school(enrolled.personas.pe1.actor, enrolled.round.season)

    assert [(row.school, row.requests, row.withdrawn, row.silent, row.at_the_school) for row, _ in counts] == [
        (elsewhere.name, 1, 1, 1, 1),
        (enrolled.personas.school.name, 3, 0, 0, 0),
    ]
    assert counts[1][1] == {WithdrawalReason.FAMILY: 2, WithdrawalReason.WORK: 1}
