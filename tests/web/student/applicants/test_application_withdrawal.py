"""撤回报名 on the screens: with a code, never beside a seat or a list that is being decided, and back again."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.support.builders.enrolment import Enrolled
from tests.support.builders.officers import page_of, seen
from tests.support.builders.web_season import Desk, code_for, posted, sealed_in
from tests.support.personas import FAMILY_PHONE, Personas, personas
from yangguang import clock
from yangguang.models import Application, ChoiceVersion, Message, Person, Window

__all__ = ["personas"]
pytestmark = pytest.mark.django_db


def confirmed(client: Client, address: str) -> HttpResponse:
    """Read the page, ask for the code, type it."""
    sealed = sealed_in(client.post(address))
    posted(client, address, sealed | {"_step": "send"})
    return posted(client, address, sealed | {"_step": "act", "_code": code_for(FAMILY_PHONE)})


def url(desk: Desk, verb: str) -> str:
    return reverse(f"student:application_{verb}", args=[desk.application.public_id])


def state(desk: Desk) -> str:
    return Application.objects.get(pk=desk.application.pk).state


def choose(desk: Desk) -> None:
    """The family has submitted one choice."""
    ChoiceVersion.objects.create(
        application=desk.application,
        round=desk.round,
        number=1,
        programmes=[desk.programmes[0].pk],
        by_account_id=desk.by.account,
        submitted_by="SELF",
        receipt="0" * 64,
    )
    Application.objects.filter(pk=desk.application.pk).update(
        state="CHOSEN", programmes=[desk.programmes[0].pk], choices_version=1
    )


def test_a_family_withdraws_with_a_code_is_sent_a_message_and_comes_back(desk: Desk) -> None:
    choose(desk)
    progress = reverse("student:progress", args=[desk.application.public_id])

    assert "撤回报名" in page_of(desk.client, progress)
    assert confirmed(desk.client, url(desk, "withdraw")).headers["Location"] == progress
    assert state(desk) == "WITHDRAWN"
    assert Application.objects.get(pk=desk.application.pk).programmes == []
    assert Message.objects.filter(event="application.withdraw").count() == 1
    assert "恢复报名" in page_of(desk.client, progress)
    assert confirmed(desk.client, url(desk, "restore")).headers["Location"] == progress
    assert state(desk) == "REGISTERED"


def test_without_a_code_nothing_is_withdrawn(desk: Desk) -> None:
    question = desk.client.post(url(desk, "withdraw"))

    assert "获取验证码" in seen(question)
    assert state(desk) == "REGISTERED"


def test_with_a_seat_the_page_names_what_to_do_first(personas: Personas, desk: Desk) -> None:
    admission = Enrolled(personas, desk.round, count=40).admit("某小满", state="ACCEPTED")
    Person.objects.filter(pk=admission.person_id).update(account=desk.by.account)

    answer = desk.client.post(reverse("student:application_withdraw", args=[admission.application.public_id]))

    assert "请先放弃录取或申请退录" in seen(answer)


def test_while_a_list_is_being_decided_no_student_leaves_it(desk: Desk) -> None:
    choose(desk)
    now = clock.now()
    Window.objects.filter(round=desk.round, kind="choices").update(
        opens_at=now - timedelta(days=2), closes_at=now - timedelta(hours=1)
    )

    answer = desk.client.post(url(desk, "withdraw"))

    assert "志愿已经截止、结果还没有公布" in seen(answer)
    assert state(desk) == "CHOSEN"


def test_after_registration_has_closed_nothing_is_withdrawn(desk: Desk) -> None:
    Window.objects.filter(kind="registration").update(closes_at=clock.now() - timedelta(minutes=1))

    answer = desk.client.post(url(desk, "withdraw"))

    assert "已经截止" in seen(answer)
    assert state(desk) == "REGISTERED"


def test_another_family_finds_nothing(desk: Desk) -> None:
    assert Client().get(url(desk, "withdraw")).status_code == 302
