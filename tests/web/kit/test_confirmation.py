"""The confirmation of an office: two signatures over the same content."""

import json
import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.support.builders.web_season import sealed_in, text
from tests.support.clients import signature_for
from tests.support.personas import Personas
from yangguang.models import Proposal, Window

pytestmark = pytest.mark.usefixtures("kit_routes")


def log_in(browser: Client, account: int | None) -> Client:
    session = browser.session
    session["account"] = account
    session.save()
    return browser


def sign_up(browser: Client, personas: Personas, who: Any, data: dict[str, Any]) -> HttpResponse:
    """Open the confirm page as an officer and sign with the key."""
    log_in(browser, who.actor.account)
    opened = browser.post("/window/", data)
    assert opened.status_code == 200
    assert "data-sign" in opened.content.decode()
    return browser.post("/window/", sealed_in(opened) | signature_for(opened, browser))


def test_two_officers_sign_the_same_content_and_only_then_it_happens(personas: Personas, browser: Client) -> None:
    first = sign_up(browser, personas, personas.pe1, {"source": "演示通知"})

    assert first.status_code == 202
    assert "等待另一人批准" in text(first)
    assert (Proposal.objects.count(), Window.objects.count()) == (1, 0)

    second = sign_up(browser, personas, personas.pe2, {"source": "演示通知"})

    assert (second.status_code, second.headers["Location"]) == (302, "/done/")
    assert Window.objects.get().source == "演示通知"


def test_a_signature_over_one_content_is_worthless_for_another(personas: Personas, browser: Client) -> None:
    log_in(browser, personas.pe1.actor.account)
    opened = browser.post("/window/", {"source": "甲"})
    found = re.search(r'data-sign="([^"]*)"', opened.content.decode())

    assert found is not None

    options = json.loads(found[1].replace("&quot;", '"'))
    assertion = json.dumps(personas.pe1.key.sign(options))
    other = sealed_in(browser.post("/window/", {"source": "乙"}))

    assert browser.post("/window/", other | {"_step": "act", "_assertion": assertion}).status_code == 403

    right = browser.post("/window/", sealed_in(opened) | {"_step": "act", "_assertion": assertion})

    assert right.status_code == 202


def test_opening_a_confirmation_by_a_link_stores_no_challenge(personas: Personas, browser: Client) -> None:
    answer = log_in(browser, personas.pe1.actor.account).get("/window/")

    assert answer.status_code == 200
    assert "下一步：优盾签名" in text(answer)
    assert "data-sign" not in answer.content.decode()
