"""Ways in and out: phone and code, name and key, and who is turned away."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from tests.support.builders.web_season import code_for, posted, text
from tests.support.personas import FAMILY_PHONE, Personas
from tests.support.production import leave_demonstration
from yangguang import clock
from yangguang.actions.accounts import keys
from yangguang.models import Account, AuditEntry, RoleAssignment, SecurityKey
from yangguang.rules.accounts.roles import Role


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


def options_in(answer: Any) -> dict[str, Any]:
    match = re.search(r'data-sign="([^"]*)"', answer.content.decode())
    assert match is not None
    options: dict[str, Any] = json.loads(match[1].replace("&quot;", '"'))
    return options


def sign_in(browser: Client, who: Any, name: str = "", **more: str) -> Any:
    """Both steps of an officer's log-in."""
    page = browser.post("/login/staff/", {"username": name or who.username, **more})
    assertion = json.dumps(who.key.sign(options_in(page)))
    return browser.post(
        "/login/staff/", {"username": name or who.username, "_step": "act", "_assertion": assertion, **more}
    )


def test_a_family_comes_in_with_the_code_sent_to_its_phone(personas: Personas, browser: Client) -> None:
    assert posted(browser, "/login/", {"phone": "１５４ 0000-0001"}).status_code == 200
    done = browser.post("/login/", {"phone": FAMILY_PHONE, "code": code_for(FAMILY_PHONE)})
    assert (done.status_code, done.headers["Location"]) == (302, "/me/")
    assert browser.get("/me/").status_code == 200


def test_a_code_typed_full_width_is_the_same_code(personas: Personas, browser: Client) -> None:
    posted(browser, "/login/", {"phone": FAMILY_PHONE})
    wrong = browser.post("/login/", {"phone": FAMILY_PHONE, "code": "１２３４５"})
    assert wrong.status_code == 422 and "验证码是 6 位数字" in text(wrong)
    wide = code_for(FAMILY_PHONE).translate({48 + n: 0xFF10 + n for n in range(10)})
    assert browser.post("/login/", {"phone": FAMILY_PHONE, "code": f" {wide}"}).status_code == 302


def test_the_message_is_shown_only_in_the_demonstration(personas: Personas, browser: Client, settings: Any) -> None:
    # Inside a test's transaction a message leaves after the page was made, so the second page shows the first.
    posted(browser, "/login/", {"phone": FAMILY_PHONE})
    sent = code_for(FAMILY_PHONE)
    assert f"验证码{sent}" in text(posted(browser, "/login/", {"phone": FAMILY_PHONE}))
    leave_demonstration(settings)
    page = text(posted(browser, "/login/", {"phone": FAMILY_PHONE}))
    assert code_for(FAMILY_PHONE) not in page and "验证码已发到 154****0001" in page


def test_a_wrong_code_is_said_and_the_sixth_try_is_too_late(personas: Personas, browser: Client) -> None:
    posted(browser, "/login/", {"phone": FAMILY_PHONE})
    right = code_for(FAMILY_PHONE)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        answer = browser.post("/login/", {"phone": FAMILY_PHONE, "code": wrong})
        assert answer.status_code == 422 and "验证码不对" in text(answer)
    late = browser.post("/login/", {"phone": FAMILY_PHONE, "code": right})
    assert late.status_code == 422 and "account" not in browser.session


@pytest.mark.parametrize("phone", ["", "12345", "25400000001", "1540000000x", "\x00"])
def test_a_number_that_is_none_is_refused_in_words(personas: Personas, browser: Client, phone: str) -> None:
    answer = browser.post("/login/", {"phone": phone})
    assert answer.status_code == 422 and "有 1 处需要改正" in text(answer)


@pytest.mark.parametrize(
    ("page", "goes"),
    [("/me/seen/", "/me/seen/"), ("https://evil.example/", "/me/"), ("//evil.example", "/me/"), ("", "/me/")],
)
def test_one_comes_back_to_the_page_that_asked_but_never_elsewhere(
    personas: Personas, browser: Client, page: str, goes: str
) -> None:
    posted(browser, "/login/", {"phone": FAMILY_PHONE})
    data = {"phone": FAMILY_PHONE, "code": code_for(FAMILY_PHONE), "next": page}
    assert browser.post("/login/", data).headers["Location"] == goes


def test_the_session_id_changes_with_the_log_in(personas: Personas, browser: Client) -> None:
    session = browser.session
    session["before"] = 1
    session.save()
    posted(browser, "/login/", {"phone": FAMILY_PHONE})
    browser.post("/login/", {"phone": FAMILY_PHONE, "code": code_for(FAMILY_PHONE)})
    assert browser.session.session_key != session.session_key and "before" not in browser.session


def test_an_officer_comes_in_with_name_and_key(personas: Personas, browser: Client) -> None:
    done = sign_in(browser, personas.ce)
    assert (done.status_code, done.headers["Location"]) == (302, "/desk/")
    entry = AuditEntry.objects.filter(action="account.sign_in").get()
    assert (entry.outcome, entry.facts) == ("DONE", {"key": "DEMO-ce"})


def test_another_officers_key_does_not_open_the_account(personas: Personas, browser: Client) -> None:
    page = browser.post("/login/staff/", {"username": "ce"})
    assertion = json.dumps(personas.me.key.sign(options_in(page)))
    answer = browser.post("/login/staff/", {"username": "ce", "_step": "act", "_assertion": assertion})
    assert answer.status_code == 403 and "登录名和优盾对不上" in text(answer)
    assert "account" not in browser.session


def test_an_unknown_name_is_answered_exactly_like_a_known_one(personas: Personas, browser: Client) -> None:
    known, unknown = (browser.post("/login/staff/", {"username": name}) for name in ("ce", "zz"))
    shapes = [
        {key: len(str(value)) if key != "challenge" else 0 for key, value in options_in(answer).items()}
        for answer in (known, unknown)
    ]
    assert shapes[0] == shapes[1]
    again = options_in(browser.post("/login/staff/", {"username": "zz"}))
    assert again["allowCredentials"] == options_in(unknown)["allowCredentials"]
    tried = [
        browser.post("/login/staff/", {"username": name, "_step": "act", "_assertion": "{}"}) for name in ("ce", "zz")
    ]
    assert [answer.status_code for answer in tried] == [403, 403]
    refusals = [re.findall(r'class="refusal-what">.*?</dl>', t.content.decode(), re.S) for t in tried]
    assert refusals[0] == refusals[1] != []


def test_a_revoked_key_ends_the_live_session(personas: Personas, browser: Client) -> None:
    sign_in(browser, personas.ce)
    assert browser.get("/login/").status_code == 302
    personas.me.sign(keys.revoke, key=SecurityKey.objects.get(serial="DEMO-ce"), reason="遗失")
    assert browser.get("/login/").status_code == 200


def test_an_officer_with_two_posts_says_which(personas: Personas, browser: Client) -> None:
    account = Account.objects.get(username="ce")
    RoleAssignment.objects.create(
        account=account, role=Role.CITY_EDUCATION.value, unit=personas.city, sector="education"
    )
    done = sign_in(browser, personas.ce)
    assert done.headers["Location"] == "/login/seat/"
    page = browser.get("/login/seat/").content.decode()
    values = re.findall(r'name="seat" value="([^"]+)"', page)
    assert len(values) == 2
    assert browser.post("/login/seat/", {"seat": values[1]}).headers["Location"] == "/desk/"
    assert browser.post("/login/seat/", {"seat": "somebody-else"}).status_code == 403


def test_leaving_ends_the_session_and_needs_a_post(personas: Personas, browser: Client) -> None:
    sign_in(browser, personas.ce)
    assert browser.get("/logout/").status_code == 405 and "account" in browser.session
    assert browser.post("/logout/").headers["Location"] == "/" and "account" not in browser.session


def test_letters_grow_and_shrink_and_only_this_browser_knows(personas: Personas, browser: Client) -> None:
    assert 'class="elder"' not in browser.get("/login/").content.decode()
    assert browser.get("/elder?next=/login/").headers["Location"] == "/login/"
    assert 'class="elder"' in browser.get("/login/").content.decode()
    browser.get("/elder")
    assert 'class="elder"' not in browser.get("/login/").content.decode()
    assert browser.get("/elder?next=//evil.example").headers["Location"] == "/"


def test_a_frozen_account_is_a_guest_at_once(personas: Personas, browser: Client) -> None:
    sign_in(browser, personas.ce)
    Account.objects.filter(username="ce").update(frozen_at=clock.now())
    assert browser.get("/login/").status_code == 200
    assert sign_in(Client(raise_request_exception=False), personas.ce).status_code == 403
