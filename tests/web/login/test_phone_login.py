"""Families log in with the code sent to their phone."""

from typing import Any

import pytest
from django.test import Client

from tests.support.builders.web_season import code_for, posted, text
from tests.support.personas import FAMILY_PHONE, Personas
from tests.support.production import leave_demonstration


def test_a_family_logs_in_with_the_code_sent_to_its_phone(personas: Personas, browser: Client) -> None:
    assert posted(browser, "/login/", {"phone": "１５４ 0000-0001"}).status_code == 200

    done = browser.post("/login/", {"phone": FAMILY_PHONE, "code": code_for(FAMILY_PHONE)})

    assert (done.status_code, done.headers["Location"]) == (302, "/me/")
    assert browser.get("/me/").status_code == 200


def test_a_code_typed_full_width_is_the_same_code(personas: Personas, browser: Client) -> None:
    posted(browser, "/login/", {"phone": FAMILY_PHONE})
    wrong = browser.post("/login/", {"phone": FAMILY_PHONE, "code": "１２３４５"})

    assert wrong.status_code == 422
    assert "验证码是 6 位数字" in text(wrong)

    wide = code_for(FAMILY_PHONE).translate({48 + n: 0xFF10 + n for n in range(10)})

    assert browser.post("/login/", {"phone": FAMILY_PHONE, "code": f" {wide}"}).status_code == 302


def test_the_message_is_displayed_only_in_the_demonstration(personas: Personas, browser: Client, settings: Any) -> None:
    # Inside a test's transaction a message leaves after the page was made, so the second page shows the first.
    posted(browser, "/login/", {"phone": FAMILY_PHONE})
    sent = code_for(FAMILY_PHONE)

    assert f"验证码{sent}" in text(posted(browser, "/login/", {"phone": FAMILY_PHONE}))

    leave_demonstration(settings)
    page = text(posted(browser, "/login/", {"phone": FAMILY_PHONE}))

    assert code_for(FAMILY_PHONE) not in page
    assert "验证码已发到 154****0001" in page


def test_a_wrong_code_is_named_and_the_sixth_try_is_too_late(personas: Personas, browser: Client) -> None:
    posted(browser, "/login/", {"phone": FAMILY_PHONE})
    right = code_for(FAMILY_PHONE)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        answer = browser.post("/login/", {"phone": FAMILY_PHONE, "code": wrong})
        assert answer.status_code == 422
        assert "验证码不对" in text(answer)
    late = browser.post("/login/", {"phone": FAMILY_PHONE, "code": right})

    assert late.status_code == 422
    assert "account" not in browser.session


@pytest.mark.parametrize("phone", ["", "12345", "25400000001", "1540000000x", "\x00"])
def test_an_invalid_number_is_refused_in_words(personas: Personas, browser: Client, phone: str) -> None:
    answer = browser.post("/login/", {"phone": phone})

    assert answer.status_code == 422
    assert "有 1 处需要改正" in text(answer)


@pytest.mark.parametrize(
    ("page", "location"),
    [("/me/seen/", "/me/seen/"), ("https://evil.example/", "/me/"), ("//evil.example", "/me/"), ("", "/me/")],
)
def test_a_log_in_leads_back_to_the_page_but_never_to_another_site(
    personas: Personas, browser: Client, page: str, location: str
) -> None:
    posted(browser, "/login/", {"phone": FAMILY_PHONE})
    data = {"phone": FAMILY_PHONE, "code": code_for(FAMILY_PHONE), "next": page}

    assert browser.post("/login/", data).headers["Location"] == location


def test_the_session_id_changes_with_the_log_in(personas: Personas, browser: Client) -> None:
    session = browser.session
    session["before"] = 1
    session.save()
    posted(browser, "/login/", {"phone": FAMILY_PHONE})
    browser.post("/login/", {"phone": FAMILY_PHONE, "code": code_for(FAMILY_PHONE)})

    assert browser.session.session_key != session.session_key
    assert "before" not in browser.session
