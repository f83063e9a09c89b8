"""Standing answers, the end of a waiting list, and its seats against registration and the next round."""

import pytest
from django.db.models import F

from tests.actions.admissions.test_waiting_list_actions import broken_invariants, taken, waited
from tests.support.builders.waiting_list import Waited, says
from tests.support.clients import approve_by_two
from yangguang import clock
from yangguang.actions.admissions import answers, direct_enrolment
from yangguang.actions.runs import rounds
from yangguang.models import (
    AuditEntry,
    Message,
    Quota,
    Round,
    WaitingList,
    WaitingOffer,
    WaitingPlace,
)
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.runs.rounds import RoundKind
from yangguang.rules.seasons.windows import WindowKind

__all__ = ["waited"]
pytestmark = pytest.mark.django_db


def test_a_standing_answer_accepts_the_offer_at_once_with_a_message(waited: Waited) -> None:
    for number in ("P3", "P4"):
        waited.accepts(number, wait=True)
    says(waited.people["P3"], answers.set_standing_answer, application=waited.people["P3"], up_to=1)
    waited.declines("P1")

    assert waited.offer_due() == 1
    got = waited.held("P3")

    assert (got.programme.code, got.state, got.reason) == ("A", "ACCEPTED", "automatic")
    assert list(
        Message.objects.filter(person=got.person, event__startswith="answer")
        .values_list("event", flat=True)
        .order_by("pk")
    ) == ["answer.set_auto", "answer.automatic"]
    assert AuditEntry.objects.get(action="waiting.offer_due").facts["automatic"] == 1
    assert broken_invariants() == []


def test_a_standing_answer_accepts_the_published_result_and_can_be_switched_off(waited: Waited) -> None:
    p3, p4 = waited.people["P3"], waited.people["P4"]
    says(p3, answers.set_standing_answer, application=p3, up_to=2)
    says(p4, answers.set_standing_answer, application=p4, up_to=2)
    says(p4, answers.set_standing_answer, application=p4, up_to=0)
    waited.offer_due()

    assert (waited.held("P3").state, waited.held("P4").state) == ("WAITING", "OFFERED")


def test_the_list_ends_at_its_instant_with_one_message_to_each_applicant(waited: Waited) -> None:
    waited.accepts("P3", wait=True)
    waited.declines("P1")
    waited.offer_due()
    waited.laid.window(WindowKind.WAITING, -9, -0.001)
    waited.offer_due()

    assert WaitingList.objects.get().ended_at is not None
    assert WaitingPlace.objects.count() == 0
    notified = Message.objects.filter(event="waiting.end").values_list("person_id", flat=True)

    assert set(notified) == {waited.people[n].person_id for n in ("P5", "P7")}
    assert (waited.held("P3").state, waited.held("P3").reason) == ("ACCEPTED", "list_ended")
    assert waited.takes("P3").programme.code == "A", "an earlier offer keeps its time to answer"
    with pytest.raises(Refused, match="候补已经结束"):
        waited.offer_due()


def test_before_its_window_and_without_a_list_nothing_is_offered(waited: Waited) -> None:
    waited.laid.window(WindowKind.WAITING, 1, 2)
    with pytest.raises(Refused, match="还没有开始"):
        waited.offer_due()
    Round.objects.update(keeps_waiting_list=False, version=F("version"))
    with pytest.raises(Refused, match="不设候补"):
        waited.offer_due()


def test_a_seat_of_the_list_cannot_be_registered_for(waited: Waited) -> None:
    direct = Waited.lay(waited.laid.personas, number=5, kind="direct").laid
    direct.window(WindowKind.CHOICES, -1, 1)
    programme = waited.laid.programmes["A"]
    programme.rounds.create(round=direct.round, seats=1)
    late = direct.apply(None, number="N1")
    waited.declines("P1")
    with pytest.raises(Refused, match="候补次序递补"):
        says(late, direct_enrolment.enrol, application=late, round=direct.round, programme=programme)
    waited.offer_due()
    waited.laid.window(WindowKind.WAITING, -9, -0.001)
    waited.offer_due()

    assert taken()["A"] == 2, "an open offer holds its seat"


def test_seats_with_waiting_applicants_do_not_go_into_the_next_round(waited: Waited) -> None:
    personas = waited.laid.personas
    waited.declines("P1")
    waited.declines("P4")
    waited.laid.programme("C", 2)
    waited.offer_due()
    WaitingOffer.objects.update(state="ENDED", ended_at=clock.now())
    Quota.objects.filter(programme__code__in="AB").update(taken=F("taken") - 1)

    assert waited.places("A") == ["P7"]
    values = {"season": personas.season, "number": 7, "name": "补录", "kind": RoundKind.SUPPLEMENTARY_RANKED}
    opened = approve_by_two(
        personas.pe1, personas.pe2, rounds.open_round, programme_types=[ProgrammeType.THREE_YEAR], **values
    )

    assert sorted(opened.programmes.values_list("programme__code", flat=True)) == ["B", "C"]
