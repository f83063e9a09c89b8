"""Answers of a family: waiting needs a round with a list, and the refusal names the other answers."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.builders.web_season import Desk
from tests.support.personas import FAMILY_PHONE, Personas, PhoneClient
from yangguang import clock
from yangguang.actions.admissions import answers
from yangguang.actions.base.action import Action
from yangguang.models import Admission, AuditEntry, Person, Round
from yangguang.reference import rows
from yangguang.rules.base.refusals import IllegalMove, Refused, VersionConflict

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(personas: Personas) -> tuple[Desk, Admission]:
    desk = Desk.lay(personas)
    programme = desk.programmes[1]
    return desk, Admission.objects.create(
        application=desk.application,
        person=Person.objects.get(),
        school=personas.school,
        round=desk.round,
        programme=programme,
        quota=programme.quotas.get(),
        rank=2,
        state="OFFERED",
        published_at=clock.now(),
    )


def accept(desk: Desk, admission: Admission, **how: Any) -> None:
    PhoneClient().confirm(FAMILY_PHONE, desk.by, answers.accept, admission=admission, **how)


def test_waiting_is_refused_where_the_round_keeps_no_list_and_accepting_still_works(
    offer: tuple[Desk, Admission],
) -> None:
    desk, admission = offer
    with pytest.raises(Refused, match="这个批次不设候补") as refusal:
        accept(desk, admission, wait=True)
    admission.refresh_from_db()

    assert (admission.state, admission.answered_at, "接受录取" in refusal.value.now) == ("OFFERED", None, True)
    accept(desk, admission)
    admission.refresh_from_db()

    assert admission.state == "ACCEPTED"
    assert AuditEntry.objects.get(action="answer.accept").facts["answer"] == "accept"


def test_waiting_is_taken_where_the_round_keeps_a_list_and_only_once(offer: tuple[Desk, Admission]) -> None:
    desk, admission = offer
    Round.objects.filter(pk=desk.round.pk).update(keeps_waiting_list=True)
    accept(desk, admission, wait=True)
    admission.refresh_from_db()

    assert admission.state == "WAITING"
    with pytest.raises(IllegalMove):
        accept(desk, admission, wait=True)


@pytest.mark.parametrize("act", [answers.accept, answers.decline])
def test_the_page_of_an_older_version_is_refused_before_a_code_is_sent(
    offer: tuple[Desk, Admission], act: Action[..., None]
) -> None:
    desk, admission = offer
    Admission.objects.update(answer_by=clock.now() + timedelta(days=1))
    admission.refresh_from_db()
    now = str(admission.version)
    act.prepare(by=desk.by, admission=admission, seen=now).preflight(clock.now())

    with pytest.raises(VersionConflict):
        act.prepare(by=desk.by, admission=admission, seen=f"{now}0").preflight(clock.now())


def test_every_round_of_the_reference_data_that_keeps_a_list_has_a_window_for_it() -> None:
    keeps = {(row["year"], row["term"], row["number"]) for row in rows("rounds") if row["keeps_waiting_list"] == "1"}
    windows = {(row["year"], row["term"], row["round"]) for row in rows("windows") if row["kind"] == "waiting"}

    assert keeps == windows != set()
