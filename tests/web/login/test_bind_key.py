"""/login/key/: name and code, then the key; a failure is explained without revealing which names there are."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from tests.support.builders.web_season import text
from tests.support.personas import SHELL, Personas
from tests.support.production import leave_demonstration
from tests.web.login.officers import options_in
from yangguang.actions.accounts import accounts
from yangguang.models import SecurityKey
from yangguang.rules.accounts.roles import Role
from yangguang.simulation.soft_key import SoftKey

URL = "/login/key/"


@pytest.fixture
def code(personas: Personas, settings: Any) -> str:
    return accounts.open_first(
        by=SHELL,
        username="new1",
        name="某新",
        role=Role.CITY_EDUCATION,
        unit=personas.city,
        sector="education",
        serial="K9",
    ).code


def send_answer(browser: Client, attestation: str, username: str = "new1") -> Any:
    return browser.post(URL, {"username": username, "_step": "act", "_attestation": attestation})


def state() -> str:
    return SecurityKey.objects.get(serial="K9").state


def test_name_code_and_key_bind_and_lead_to_the_log_in(code: str, browser: Client, settings: Any) -> None:
    assert "绑定优盾" in text(browser.get("/login/staff/"))

    page = browser.post(URL, {"username": "new1", "code": code})
    options = options_in(page, "data-bind")

    assert code not in page.content.decode()
    assert options["attestation"] == "direct"

    key = SoftKey(b"new1", settings.PUBLIC_URL.rstrip("/"))
    done = send_answer(browser, json.dumps(key.register(options)))

    assert done.status_code == 200
    assert "账号 new1 已绑定这把优盾" in text(done)
    assert state() == "BOUND"
    assert "account" not in browser.session

    again = browser.post(URL, {"username": "new1", "code": code})

    assert again.status_code == 422
    assert "data-bind" not in again.content.decode()


def test_wrong_unknown_and_used_up_are_answered_alike_and_the_form_keeps_its_values(code: str, browser: Client) -> None:
    tries = [("zz", code), ("me", code), *[("new1", "2222-2222-2222")] * 5, ("new1", code)]
    answers = [browser.post(URL, {"username": name, "code": given}) for name, given in tries]

    assert {answer.status_code for answer in answers} == {422}

    errors = {tuple(re.findall(r'class="field-error"[^>]*>(.*?)</p>', a.content.decode(), re.S)) for a in answers}

    assert len(errors) == 1
    assert errors != {()}
    assert "登录名和绑定码对不上" in text(answers[0])
    assert 'value="new1"' in answers[-1].content.decode()
    assert state() == "RECEIVED"


@pytest.mark.parametrize("attestation", ["", "x", "[]", "null", "{}", '{"response": {}}'])
@pytest.mark.parametrize("username", ["new1", "zz", "\x00new1", ""])
def test_an_invalid_answer_is_refused_in_words(code: str, browser: Client, attestation: str, username: str) -> None:
    browser.post(URL, {"username": "new1", "code": code})
    answer = send_answer(browser, attestation, username)

    assert answer.status_code == 403
    assert 'class="refusal-what"' in answer.content.decode()
    assert state() == "RECEIVED"


def test_outside_the_demonstration_a_key_of_software_is_refused(code: str, browser: Client, settings: Any) -> None:
    leave_demonstration(settings)
    options = options_in(browser.post(URL, {"username": "new1", "code": code}), "data-bind")
    key = SoftKey(b"new1", settings.PUBLIC_URL.rstrip("/"))
    answer = send_answer(browser, json.dumps(key.register(options)))

    assert answer.status_code == 403
    assert "不在准用目录内" in text(answer)
    assert state() == "RECEIVED"


def test_without_a_name_or_a_code_the_form_says_so(browser: Client, code: str) -> None:
    answer = browser.post(URL, {"username": "new1", "code": " "})

    assert answer.status_code == 422
    assert "有 1 处需要改正" in text(answer)
    assert browser.post(URL, {}).status_code == 422
    assert browser.get(URL).status_code == 200
