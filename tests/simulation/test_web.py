"""What the demonstration adds to pages: signatures of soft keys, made on the server and verified like any other."""

import json

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.support.builders.officers import at_desk, sends
from tests.support.builders.web_season import sealed_in, text
from tests.support.clients import options_in
from tests.support.personas import Personas, personas
from yangguang.models import Account, Proposal, SecurityKey
from yangguang.rules.seasons.windows import WindowKind

__all__ = ["personas"]
WINDOW = {
    "round": "",
    "kind": WindowKind.CHOICES.value,
    "opens_at": "2026-08-01T08:00",
    "last_day": "2026-08-20",
    "source": "演示通知",
}


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


def demo_signature(page: HttpResponse) -> dict[str, str]:
    """The field of the button “用演示优盾签名”."""
    return {"_demo_sign": json.dumps(options_in(page))}


def test_the_soft_key_signs_a_log_in(personas: Personas, browser: Client) -> None:
    page = browser.post("/login/staff/", {"username": "ce"})

    assert "用演示优盾签名" in text(page)

    done = browser.post("/login/staff/", {"username": "ce"} | demo_signature(page))

    assert (done.status_code, done.headers["Location"]) == (302, "/desk/")


def test_the_soft_key_signs_an_action(personas: Personas) -> None:
    desk = at_desk(personas.pe1)
    opened = sends(desk, "/desk/windows/set/?kind=" + WINDOW["kind"], WINDOW)

    proposed = desk.post("/desk/windows/set/", sealed_in(opened) | demo_signature(opened))

    assert (proposed.status_code, Proposal.objects.count()) == (202, 1)


def test_the_challenge_of_another_officer_is_refused(personas: Personas, browser: Client) -> None:
    page = browser.post("/login/staff/", {"username": "me"})

    answer = browser.post("/login/staff/", {"username": "ce"} | demo_signature(page))

    assert (answer.status_code, "登录名和优盾对不上" in text(answer)) == (403, True)
    assert "account" not in browser.session


def test_an_officer_with_a_hardware_key_is_not_signed_for(personas: Personas, browser: Client) -> None:
    key = SecurityKey.objects.filter(account=Account.objects.get(username="ce"))
    key.update(credential_id=b"hardware")
    page = browser.post("/login/staff/", {"username": "ce"})

    answer = browser.post("/login/staff/", {"username": "ce"} | demo_signature(page))

    assert (answer.status_code, "account" in browser.session) == (403, False)


@pytest.mark.parametrize(
    "options", ["", "x", "[]", "{}", "[" * 2000, '{"allowCredentials": [{"id": 5}]}', '{"allowCredentials": 1}']
)
def test_a_forged_challenge_is_refused_in_words(personas: Personas, browser: Client, options: str) -> None:
    answer = browser.post("/login/staff/", {"username": "ce", "_demo_sign": options})

    assert (answer.status_code, "登录名和优盾对不上" in text(answer)) == (403, True)
