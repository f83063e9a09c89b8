"""What no page offers but a request can put into a form: broken signatures, counts, numbers; never a 500."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from webauthn.helpers import bytes_to_base64url

from tests.support.builders.officers import sends
from tests.support.builders.plans import ready
from tests.support.builders.web_season import sealed_in
from tests.support.clients import signature_for
from tests.support.personas import Personas
from yangguang.models import Plan, SecurityKey, Window
from yangguang.rules.seasons.windows import WindowKind
from yangguang.web.kit.confirmation import ACT

Since = Callable[[], set[str]]


def browser(personas: Personas, who: Any) -> Client:
    client = Client(raise_request_exception=False)
    session = client.session
    session["account"] = who.actor.account
    session.save()
    return client


def credential(username: str) -> str:
    """The name of the officer's real key, which a page shows anyone who knows the log-in name."""
    return bytes_to_base64url(bytes(SecurityKey.objects.get(account__username=username).credential_id or b""))


SET_WINDOW = "/desk/windows/set/?kind=choices"
_FORGED = {"clientDataJSON": "AAAA", "authenticatorData": "AAAA", "signature": "AAAA"}
_EMPTY = {"clientDataJSON": 1, "authenticatorData": [], "signature": None}


@pytest.mark.parametrize(
    "assertion",
    [
        "",
        "null",
        "[]",
        "{}",
        "x",
        "[" * 2000,
        '{"id": 5}',
        '{"id": null}',
        '{"id": "甲"}',
        '{"id": "\\u0000"}',
        '{"id": "%s"}',
        '{"id": "%s", "response": {}}',
        json.dumps({"id": "%s", "rawId": "%s", "type": "public-key", "response": _FORGED}),
        json.dumps({"id": "%s", "rawId": "%s", "type": "public-key", "response": _EMPTY}),
    ],
)
def test_a_signature_that_is_none_is_refused_in_words(personas: Personas, assertion: str) -> None:
    client = Client(raise_request_exception=False)
    client.post("/login/staff/", {"username": "ce"})
    sent = assertion.replace("%s", credential("ce"))
    answer = client.post("/login/staff/", {"username": "ce", "_step": ACT, "_assertion": sent})

    assert answer.status_code in (403, 422)
    assert "account" not in client.session
    assert "没有登录" in answer.content.decode()
    assert "Traceback" not in answer.content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        {"more": "1", "programme-TOTAL_FORMS": "x"},
        {"more": "1", "programme-TOTAL_FORMS": "-5"},
        {"more": "1", "programme-TOTAL_FORMS": "99999999999999999999"},
        {"programme-TOTAL_FORMS": "x", "programme-INITIAL_FORMS": "y"},
        {"capacity": "十"},
        {"capacity": "99999999999999999999"},
        {"programme-0-seats": "1.5"},
        {"programme-0-seats": "-1"},
        {"programme-0-years": "NaN"},
        {"programme-0-years": "1e999"},
        {"programme-0-programme_type": "four_year"},
        {"programme-0-major": "护\x00理"},
        {"programme-0-major": "护\u202e理"},
        {"programme-0-fee": "１２００"},
    ],
)
def test_a_plan_typed_wrongly_says_so_and_is_not_drafted(personas: Personas, typed: dict[str, str]) -> None:
    ready(personas)
    right = {
        "capacity": "300",
        "programme-TOTAL_FORMS": "1",
        "programme-INITIAL_FORMS": "0",
        "programme-MIN_NUM_FORMS": "0",
        "programme-MAX_NUM_FORMS": "120",
        "programme-0-major": "护理",
        "programme-0-programme_type": "three_year",
        "programme-0-study_form": "full_time",
        "programme-0-years": "3",
        "programme-0-seats": "50",
        "programme-0-fee": "2400",
        "programme-0-partner": "",
    }
    answer = sends(browser(personas, personas.teacher), "/school/plan/edit/", right | typed)
    if typed == {"programme-0-fee": "１２００"}:  # Full-width digits are digits.
        assert answer.status_code == 302
        assert Plan.objects.get().programmes.get().fee == 1200
        return

    assert answer.status_code in (200, 422)
    assert Plan.objects.count() == 0
    # Who forges the number of rows does not get them back.
    assert "护" in answer.content.decode() or "programme-TOTAL_FORMS" in typed, "what was typed is lost"
    assert "Traceback" not in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"opens_at": "2026-09-01T08:00", "last_day": "2026-08-01"}, "截止时间不晚于开始时间"),
        ({"last_day": "9999-12-31"}, "2000年至2099年"),
        ({"opens_at": "0001-01-01T00:00"}, "2000年至2099年"),
        ({"opens_at": "明天"}, "日期"),
        ({"kind": "party"}, "选择"),
        ({"round": "77"}, "选择"),
        ({"source": ""}, "请填写"),
        ({"source": "长" * 201}, "200"),
        ({"source": "文\x00件"}, "看不见的控制字符"),
    ],
)
def test_a_window_typed_wrongly_says_so_and_is_not_set(
    personas: Personas, untouched: Since, typed: dict[str, str], says: str
) -> None:
    right = {
        "round": "",
        "kind": WindowKind.CHOICES.value,
        "opens_at": "2026-08-01T08:00",
        "last_day": "2026-08-20",
        "source": "演示通知",
    }
    client = browser(personas, personas.pe1)
    untouched()
    opened = sends(client, SET_WINDOW, right | typed)
    page = opened.content.decode()
    if opened.status_code == 200:  # The rule of the act itself speaks when it is signed.
        page = client.post(SET_WINDOW, sealed_in(opened) | signature_for(opened, client)).content.decode()
        page = _second(personas, right | typed) if "等待另一人批准" in page else page
    else:
        assert untouched() == set()

    assert says in page
    assert "Traceback" not in page
    assert Window.objects.count() == 0


def _second(personas: Personas, typed: dict[str, str]) -> str:
    """The other officer asks for the same; only now the act is tried."""
    client = browser(personas, personas.pe2)
    opened = sends(client, SET_WINDOW, typed)
    return client.post(SET_WINDOW, sealed_in(opened) | signature_for(opened, client)).content.decode()


@pytest.mark.parametrize("body", [b"\xff\xfe", b"a=%zz", b"=" * 1000, json.dumps({"a": 1}).encode()])
def test_a_body_that_is_no_form_is_refused_in_words(personas: Personas, body: bytes) -> None:
    answer = browser(personas, personas.pe1).generic(
        "POST", "/desk/windows/set/", body, content_type="application/x-www-form-urlencoded; charset=nonsense"
    )

    assert answer.status_code < 500
    assert "Traceback" not in answer.content.decode()


def test_a_form_with_more_fields_than_any_page_has_is_refused(personas: Personas) -> None:
    answer = browser(personas, personas.pe1).post("/desk/windows/set/", {f"f{n}": "1" for n in range(1200)})

    assert answer.status_code == 422
    assert "Traceback" not in answer.content.decode()
