"""A phone that was quiet for months shows nothing of a child before a fact of it is named. (T2.08)"""

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.support.builders.policy import set_rule
from tests.support.builders.web_season import Desk, code_for, posted, text
from tests.support.clients import open_browser
from tests.support.personas import FAMILY_PHONE, Personas
from yangguang.models import Account, AuditEntry, Person
from yangguang.postgres.sql import execute

pytestmark = pytest.mark.django_db
BACK = "UPDATE yangguang_account SET last_login = yg_now() - make_interval(days => %s) WHERE phone_hash IS NOT NULL"


@pytest.fixture
def child(personas: Personas) -> Person:
    """A registered child, whose phone was last used 200 days ago."""
    desk = Desk.lay(personas)
    execute(BACK, (200,))
    return desk.application.person


@pytest.fixture
def browser() -> Client:
    return open_browser()


def log_in(browser: Client) -> HttpResponse:
    posted(browser, "/login/", {"phone": FAMILY_PHONE})
    return browser.post("/login/", {"phone": FAMILY_PHONE, "code": code_for(FAMILY_PHONE)})


def test_a_phone_in_use_is_asked_nothing(child: Person, browser: Client) -> None:
    execute(BACK, (100,))

    assert log_in(browser).headers["Location"] == "/me/"
    assert log_in(open_browser()).headers["Location"] == "/me/"


def test_the_right_code_alone_opens_nothing(child: Person, browser: Client) -> None:
    for _ in range(2):
        assert log_in(browser).headers["Location"] == "/login/fact/"

    page = text(browser.get("/login/fact/"))

    assert child.name not in page
    assert "超过6个月没有登录过" in page
    assert browser.get("/me/").headers["Location"].startswith("/login/")


@pytest.mark.parametrize("dress", ["name", "last four", "lower case"])
def test_one_fact_of_the_child_opens_the_account_and_is_recorded(child: Person, browser: Client, dress: str) -> None:
    number = child.id_number.reveal()
    fact = {"name": f" {child.name} ", "last four": number[-4:], "lower case": f"{number[-4:-2]} {number[-2:]}".lower()}
    log_in(browser)

    assert browser.post("/login/fact/", {"fact": fact[dress]}).headers["Location"] == "/me/"
    assert browser.get("/me/").status_code in (200, 302)
    assert AuditEntry.objects.get(action="account.fact", outcome="DONE").facts["right"] is True
    assert log_in(open_browser()).headers["Location"] == "/me/", "asked once"


def test_wrong_facts_are_limited_and_recorded_and_lock_nobody_out(child: Person, browser: Client) -> None:
    set_rule("account.fact_tries", 2)
    log_in(browser)
    answers = [browser.post("/login/fact/", {"fact": fact}) for fact in ("0000", "张三", child.name)]

    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert "作为新用户进入" in text(answers[2])
    assert [entry.facts["right"] for entry in AuditEntry.objects.filter(action="account.fact")] == [False, False]
    execute("UPDATE yangguang_allowance SET began_at = began_at - interval '2 days'")

    assert browser.post("/login/fact/", {"fact": child.name}).status_code == 302


def test_a_new_owner_of_the_number_begins_anew_and_sees_nothing(child: Person, browser: Client) -> None:
    log_in(browser)
    fresh = browser.post("/login/fact/", {"fresh": "1"})

    assert fresh.headers["Location"] == "/me/"
    assert child.name not in text(browser.get("/me/", follow=True))
    assert log_in(open_browser()).headers["Location"] == "/me/"
    before = Account.objects.get(pk=child.account_id)

    assert (before.phone, before.phone_hash) == (None, None)
    assert Person.objects.get(pk=child.pk).account_id == before.pk
    assert AuditEntry.objects.filter(action="account.start_fresh", outcome="DONE").count() == 1


def test_the_page_is_for_phones_that_gave_the_code(child: Person, browser: Client) -> None:
    assert browser.get("/login/fact/").headers["Location"] == "/login/"
    assert browser.post("/login/fact/", {"fresh": "1"}).headers["Location"] == "/login/"
