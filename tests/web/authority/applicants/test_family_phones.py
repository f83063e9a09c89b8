"""A number that was given to another person: she registers her own child, and the old family returns at the counter."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.support.builders.officers import at_desk, seen, signed
from tests.support.builders.web_season import Desk, code_for, posted
from tests.support.clients import open_browser
from tests.support.personas import FAMILY_PHONE, Personas, officer
from yangguang import clock
from yangguang.actions.messages.enqueue import enqueue_for_families, enqueue_for_family
from yangguang.models import Account, AuditEntry, Guardian, Message
from yangguang.rules.accounts.roles import Role

pytestmark = pytest.mark.django_db
URL, NEW = "/desk/family-phone/", "15400000077"


def log_in(phone: str, *presses: dict[str, str]) -> Client:
    """A browser that has logged in with the phone's code, and pressed further buttons of the question."""
    browser = open_browser()
    posted(browser, "/login/", {"phone": phone})
    posted(browser, "/login/", {"phone": phone, "code": code_for(phone)})
    for press in presses:
        browser.post("/login/fact/", press)
    return browser


def change(personas: Personas, desk: Desk, phone: str = NEW) -> HttpResponse:
    sent = {"number": desk.application.number, "phone": phone, "reason": "户口簿和监护人身份证原件"}
    return signed(at_desk(personas.ce), URL, sent)


@pytest.fixture
def quiet(personas: Personas) -> Desk:
    """A registered family whose phone was not used for more than a season."""
    desk = Desk.lay(personas)
    Account.objects.filter(pk=desk.by.account).update(last_login=clock.now() - timedelta(days=400))
    return desk


def test_the_new_owner_sees_nothing_and_the_family_returns_with_a_new_phone(personas: Personas, quiet: Desk) -> None:
    stranger = log_in(FAMILY_PHONE, {"fresh": "1"})

    assert stranger.get("/me/").status_code in (200, 302)
    assert stranger.get(quiet.url()).status_code == 404
    family = log_in(NEW)

    assert family.get(quiet.url()).status_code == 404
    assert change(personas, quiet).status_code == 302
    assert family.get(quiet.url()).status_code == 200
    assert stranger.get(quiet.url()).status_code == 404
    entry = AuditEntry.objects.get(action="account.change_phone")

    assert (entry.outcome, entry.facts["reason"]) == ("DONE", "户口簿和监护人身份证原件")
    assert "换为154****0077" in Message.objects.filter(event="account.change_phone").earliest("pk").text


def test_the_old_phone_reads_the_child_no_more(personas: Personas) -> None:
    desk = Desk.lay(personas)

    assert desk.client.get(desk.url()).status_code == 200
    log_in(NEW)
    change(personas, desk)

    assert desk.client.get(desk.url()).status_code == 404


def test_a_phone_that_was_not_logged_in_with_today_is_refused(personas: Personas) -> None:
    desk = Desk.lay(personas)
    sent = {"number": desk.application.number, "phone": NEW, "reason": "户口簿"}
    answer = at_desk(personas.ce).post(URL, sent)

    assert answer.status_code == 422
    assert "新手机号今天还没有登录过" in seen(answer)
    desk.application.refresh_from_db()

    assert desk.application.person.account_id == desk.by.account


def test_another_county_finds_no_such_number(personas: Personas) -> None:
    desk = Desk.lay(personas)
    log_in(NEW)
    other = at_desk(officer("me9", Role.CITY_EDUCATION, personas.other_city))
    answer = other.post(URL, {"number": desk.application.number, "phone": NEW, "reason": "户口簿"})

    assert answer.status_code == 422
    assert "没有找到这个报名号" in seen(answer)


def test_a_guardian_who_had_the_old_phone_gets_copies_at_the_new_one(personas: Personas) -> None:
    desk = Desk.lay(personas)
    Guardian.objects.create(person=desk.application.person, name="某大甲", relation="父亲", phone=FAMILY_PHONE)
    log_in(NEW)
    change(personas, desk)
    copy = Message.objects.get(event="account.change_phone.guardian")

    assert copy.guardian is not None
    assert copy.guardian.phone.reveal() == NEW
    assert copy.guardian.name == "某大甲"


def test_the_new_owner_of_a_phone_gets_no_copies_meant_for_the_guardian(personas: Personas, quiet: Desk) -> None:
    Guardian.objects.create(person=quiet.application.person, name="某大甲", relation="父亲", phone=FAMILY_PHONE)
    log_in(FAMILY_PHONE, {"fresh": "1"})
    enqueue_for_family(quiet.application.person_id, "e", "s", "录取", "录取")
    enqueue_for_families([quiet.application.person_id], "f", "s", ["录取"])

    assert list(Message.objects.exclude(guardian=None)) == []
    log_in(NEW)
    change(personas, quiet)

    assert Message.objects.exclude(guardian=None).get().guardian.phone.reveal() == NEW  # type: ignore[union-attr]
