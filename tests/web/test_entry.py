"""Ways in and out: phone and code, name and key, the demonstration's roles, and none of them in production."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.support.builders.family import number_of
from tests.support.builders.web_season import Desk, code_for, posted, text
from tests.support.personas import FAMILY_PHONE, Cast
from yangguang import clock
from yangguang.actions.accounts import keys
from yangguang.actions.applicants import registration
from yangguang.actions.applicants.registration import Registration
from yangguang.models import Account, Application, AuditEntry, AuditRoot, Person, Seat, SecurityKey
from yangguang.rules.accounts.roles import Role


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


def options_in(answer: Any) -> dict[str, Any]:
    found = re.search(r'data-sign="([^"]*)"', answer.content.decode())
    assert found is not None
    told: dict[str, Any] = json.loads(found[1].replace("&quot;", '"'))
    return told


def sign_in(browser: Client, who: Any, name: str = "", **more: str) -> Any:
    """Both steps of an officer's log-in."""
    asked = browser.post("/login/staff/", {"username": name or who.username, **more})
    assertion = json.dumps(who.key.sign(options_in(asked)))
    return browser.post(
        "/login/staff/", {"username": name or who.username, "_step": "act", "_assertion": assertion, **more}
    )


def test_a_family_comes_in_with_the_code_sent_to_its_phone(cast: Cast, browser: Client) -> None:
    assert posted(browser, "/login/", {"phone": "１５４ 0000-0001"}).status_code == 200
    done = browser.post("/login/", {"phone": FAMILY_PHONE, "code": code_for(FAMILY_PHONE)})
    assert (done.status_code, done.headers["Location"]) == (302, "/me/")
    assert browser.get("/me/").status_code == 200


def test_a_code_typed_full_width_is_the_same_code(cast: Cast, browser: Client) -> None:
    posted(browser, "/login/", {"phone": FAMILY_PHONE})
    wrong = browser.post("/login/", {"phone": FAMILY_PHONE, "code": "１２３４５"})
    assert wrong.status_code == 422 and "验证码是 6 位数字" in text(wrong)
    wide = code_for(FAMILY_PHONE).translate({48 + n: 0xFF10 + n for n in range(10)})
    assert browser.post("/login/", {"phone": FAMILY_PHONE, "code": f" {wide}"}).status_code == 302


def test_the_message_is_shown_only_in_the_demonstration(cast: Cast, browser: Client, settings: Any) -> None:
    # Inside a test's transaction a message leaves after the page was made, so the second page shows the first.
    posted(browser, "/login/", {"phone": FAMILY_PHONE})
    sent = code_for(FAMILY_PHONE)
    assert f"验证码{sent}" in text(posted(browser, "/login/", {"phone": FAMILY_PHONE}))
    settings.DEMO = False
    page = text(posted(browser, "/login/", {"phone": FAMILY_PHONE}))
    assert code_for(FAMILY_PHONE) not in page and "验证码已发到 154****0001" in page


def test_a_wrong_code_is_said_and_the_sixth_try_is_too_late(cast: Cast, browser: Client) -> None:
    posted(browser, "/login/", {"phone": FAMILY_PHONE})
    right = code_for(FAMILY_PHONE)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        answer = browser.post("/login/", {"phone": FAMILY_PHONE, "code": wrong})
        assert answer.status_code == 422 and "验证码不对" in text(answer)
    late = browser.post("/login/", {"phone": FAMILY_PHONE, "code": right})
    assert late.status_code == 422 and "account" not in browser.session


@pytest.mark.parametrize("phone", ["", "12345", "25400000001", "1540000000x", "\x00"])
def test_a_number_that_is_none_is_refused_in_words(cast: Cast, browser: Client, phone: str) -> None:
    answer = browser.post("/login/", {"phone": phone})
    assert answer.status_code == 422 and "有 1 处需要改正" in text(answer)


@pytest.mark.parametrize(
    ("asked", "goes"),
    [("/me/seen/", "/me/seen/"), ("https://evil.example/", "/me/"), ("//evil.example", "/me/"), ("", "/me/")],
)
def test_one_comes_back_to_the_page_that_asked_but_never_elsewhere(
    cast: Cast, browser: Client, asked: str, goes: str
) -> None:
    posted(browser, "/login/", {"phone": FAMILY_PHONE})
    data = {"phone": FAMILY_PHONE, "code": code_for(FAMILY_PHONE), "next": asked}
    assert browser.post("/login/", data).headers["Location"] == goes


def test_the_session_id_changes_with_the_log_in(cast: Cast, browser: Client) -> None:
    session = browser.session
    session["before"] = 1
    session.save()
    posted(browser, "/login/", {"phone": FAMILY_PHONE})
    browser.post("/login/", {"phone": FAMILY_PHONE, "code": code_for(FAMILY_PHONE)})
    assert browser.session.session_key != session.session_key and "before" not in browser.session


def test_an_officer_comes_in_with_name_and_key(cast: Cast, browser: Client) -> None:
    done = sign_in(browser, cast.ce)
    assert (done.status_code, done.headers["Location"]) == (302, "/desk/")
    entry = AuditEntry.objects.filter(action="account.sign_in").get()
    assert (entry.outcome, entry.facts) == ("DONE", {"key": "DEMO-ce"})


def test_the_demonstration_key_signs_on_the_server(cast: Cast, browser: Client) -> None:
    done = browser.post("/login/staff/", {"username": "ce", "_step": "demo_sign"})
    assert (done.status_code, done.headers["Location"]) == (302, "/desk/")


def test_without_the_demonstration_the_server_signs_nothing(
    cast: Cast, browser: Client, settings: Any
) -> None:
    settings.DEMO = False
    answer = browser.post("/login/staff/", {"username": "ce", "_step": "demo_sign"})
    assert "account" not in browser.session and "用演示优盾签名" not in text(answer)


def test_another_officers_key_does_not_open_the_account(cast: Cast, browser: Client) -> None:
    asked = browser.post("/login/staff/", {"username": "ce"})
    assertion = json.dumps(cast.me.key.sign(options_in(asked)))
    answer = browser.post("/login/staff/", {"username": "ce", "_step": "act", "_assertion": assertion})
    assert answer.status_code == 403 and "登录名和优盾对不上" in text(answer)
    assert "account" not in browser.session


def test_an_unknown_name_is_answered_exactly_like_a_known_one(cast: Cast, browser: Client) -> None:
    known, unknown = (browser.post("/login/staff/", {"username": name}) for name in ("ce", "zz"))
    shapes = [
        {key: len(str(value)) if key != "challenge" else 0 for key, value in options_in(answer).items()}
        for answer in (known, unknown)
    ]
    assert shapes[0] == shapes[1]
    again = options_in(browser.post("/login/staff/", {"username": "zz"}))
    assert again["allowCredentials"] == options_in(unknown)["allowCredentials"]
    tried = [
        browser.post("/login/staff/", {"username": name, "_step": "act", "_assertion": "{}"})
        for name in ("ce", "zz")
    ]
    assert [answer.status_code for answer in tried] == [403, 403]
    refusals = [re.findall(r'class="refusal-what">.*?</dl>', t.content.decode(), re.S) for t in tried]
    assert refusals[0] == refusals[1] != []


def test_a_revoked_key_ends_the_live_session(cast: Cast, browser: Client) -> None:
    sign_in(browser, cast.ce)
    assert browser.get("/login/").status_code == 302
    cast.me.signs(keys.revoke, key=SecurityKey.objects.get(serial="DEMO-ce"), reason="遗失")
    assert browser.get("/login/").status_code == 200


def test_an_officer_with_two_posts_says_which(cast: Cast, browser: Client) -> None:
    account = Account.objects.get(username="ce")
    Seat.objects.create(account=account, role=Role.CITY_EDUCATION.value, unit=cast.city, line="education")
    done = sign_in(browser, cast.ce)
    assert done.headers["Location"] == "/login/seat/"
    page = browser.get("/login/seat/").content.decode()
    values = re.findall(r'name="seat" value="([^"]+)"', page)
    assert len(values) == 2
    assert browser.post("/login/seat/", {"seat": values[1]}).headers["Location"] == "/desk/"
    assert browser.post("/login/seat/", {"seat": "somebody-else"}).status_code == 403


def test_leaving_ends_the_session_and_needs_a_post(cast: Cast, browser: Client) -> None:
    sign_in(browser, cast.ce)
    assert browser.get("/logout/").status_code == 405 and "account" in browser.session
    assert browser.post("/logout/").headers["Location"] == "/" and "account" not in browser.session


def test_letters_grow_and_shrink_and_only_this_browser_knows(cast: Cast, browser: Client) -> None:
    assert 'class="elder"' not in browser.get("/login/").content.decode()
    assert browser.get("/elder?next=/login/").headers["Location"] == "/login/"
    assert 'class="elder"' in browser.get("/login/").content.decode()
    browser.get("/elder")
    assert 'class="elder"' not in browser.get("/login/").content.decode()
    assert browser.get("/elder?next=//evil.example").headers["Location"] == "/"


def test_the_demonstration_offers_every_role_and_enters_by_post_only(cast: Cast, browser: Client) -> None:
    Desk.lay(cast)
    page = text(browser.get("/demo/"))
    for label in (
        "进入为学生",
        "进入为县（市、区）教育局",
        "进入为市教育局",
        "进入为省教育厅",
        "进入为中职学校",
    ):
        assert label in page
    values = re.findall(r'name="seat" value="([^"]+)"', browser.get("/demo/").content.decode())
    browser.get("/demo/", {"seat": values[0]})
    assert "account" not in browser.session
    homes = {browser.post("/demo/", {"seat": value}).headers["Location"] for value in values}
    assert homes == {"/me/", "/school/", "/desk/"}
    assert browser.post("/demo/", {"seat": "nobody"}).status_code == 404


def value_of(page: str, label: str) -> str:
    """What the first button of this role posts."""
    return page.split(f"进入为{label}")[0].rsplit('name="seat" value="', 1)[1].split('"')[0]


def test_a_page_left_open_enters_the_same_role_whoever_has_registered_since(
    cast: Cast, browser: Client
) -> None:
    front, own = (browser.get(path).content.decode() for path in ("/", "/demo/"))
    pressed = value_of(front, "市教育局")
    assert pressed == value_of(own, "市教育局")
    Desk.lay(cast)
    assert "刚注册，还没有填志愿" in text(browser.get("/demo/"))
    assert browser.post("/demo/", {"seat": pressed}).headers["Location"] == "/desk/"
    assert browser.session["account"] == cast.me.actor.account


def test_a_stage_that_everybody_has_left_is_said_and_enters_nobody(cast: Cast, browser: Client) -> None:
    Desk.lay(cast)
    pressed = value_of(browser.get("/").content.decode(), "学生")
    assert Client().post("/demo/", {"seat": pressed}).headers["Location"] == "/me/"
    Application.objects.update(state="CHOSEN")
    answer = browser.post("/demo/", {"seat": pressed})
    assert answer.status_code == 404 and "account" not in browser.session
    assert "现在没有演示考生处在“刚注册，还没有填志愿”这一步" in text(answer)
    assert "回到首页，重新选一个身份" in text(answer) and 'href="/"' in answer.content.decode()


def play_ended(hours: int) -> None:
    """The log's first root was published so many hours from now."""
    at = clock.now() + timedelta(hours=hours)
    AuditRoot.objects.create(day=at.date(), root="0" * 64, entries=1, heads=[], recorded_at=at)


def test_whoever_a_visitor_has_registered_is_no_door_for_others(cast: Cast, browser: Client) -> None:
    Desk.lay(cast)
    play_ended(hours=-1)
    assert "进入为学生" not in text(browser.get("/demo/")) + text(browser.get("/"))
    assert browser.post("/demo/", {"seat": "registered"}).status_code == 404


def test_a_family_of_the_play_is_a_door_until_a_visitor_registers_a_child_in_its_account(
    cast: Cast, browser: Client
) -> None:
    desk = Desk.lay(cast)
    play_ended(hours=1)
    assert "进入为学生" in text(browser.get("/demo/"))
    form = Registration(
        name="访小客", id_number=number_of(8), origin="junior_this_year", home=cast.county.pk,
        consent_text="试", guardian_name="访大客", guardian_phone="15450000002", consent_by="guardian",
    )  # fmt: skip
    registration.register(by=desk.by, season=cast.season, form=form)
    Person.objects.filter(name="访小客").update(recorded_at=clock.now() + timedelta(hours=2))
    assert "进入为学生" not in text(browser.get("/demo/"))


@pytest.mark.parametrize("method", ["get", "post"])
def test_in_production_there_is_no_such_page(cast: Cast, browser: Client, settings: Any, method: str) -> None:
    settings.DEMO = False
    answer = getattr(browser, method)("/demo/", {"seat": "ME1"})
    assert answer.status_code == 404 and "account" not in browser.session


def test_a_frozen_account_is_a_guest_at_once(cast: Cast, browser: Client) -> None:
    sign_in(browser, cast.ce)
    Account.objects.filter(username="ce").update(frozen_at=clock.now())
    assert browser.get("/login/").status_code == 200
    assert sign_in(Client(raise_request_exception=False), cast.ce).status_code == 403
