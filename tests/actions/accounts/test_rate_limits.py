"""Codes have limits per log-in, phone and address, none of which a stranger uses up for a family. (T2.08)"""

from dataclasses import replace

import pytest
from django.core import signing
from django.test import Client

from tests.support.builders.policy import set_rule
from tests.support.builders.web_season import code_for, posted
from tests.support.clients import PhoneClient, open_browser
from tests.support.personas import Personas, personas
from tests.support.query_counter import statements
from yangguang.actions.accounts import accounts, step_up_requests
from yangguang.models import Allowance, OneTimeCode, PolicyRule
from yangguang.models.base.fields import blind
from yangguang.rules.accounts.actors import GUEST, Actor, KnownBrowser, mark_phone
from yangguang.rules.base.refusals import RateLimited, Refused, StepUpRequired
from yangguang.web.login.known_browser import COOKIE

__all__ = ["personas"]
pytestmark = pytest.mark.django_db
PHONE = "15400000001"
HERE = replace(GUEST, address="school")


def send(by: Actor, serial: int) -> None:
    phone = f"154{serial:08d}"
    content = accounts.enter_content(phone, by.browser)
    step_up_requests.send_code(by=by, act="account.enter", content=content, phone=phone)


def known(phone: str, token: str = "home") -> Actor:
    """A guest at a browser in which this phone has logged in before."""
    return replace(GUEST, known=KnownBrowser(token, frozenset({mark_phone(blind(phone))})))


def test_phone_after_phone_is_stopped_where_it_is_asked_from(personas: Personas) -> None:
    set_rule("code.per_address", 2)
    send(HERE, 1)
    send(HERE, 2)
    with pytest.raises(RateLimited, match="这个网络"):
        send(HERE, 3)

    assert OneTimeCode.objects.count() == 2, "nothing is sent and nothing is kept"
    send(replace(HERE, address="home"), 3)
    Allowance.objects.update(began_at="2020-01-01T00:00Z")
    send(HERE, 4)


def test_a_stranger_uses_up_the_codes_of_strangers_only(personas: Personas) -> None:
    family = personas.family(PHONE)
    set_rule("code.per_phone", 2)  # The first was asked for to come in.
    send(HERE, 1)
    for stranger in (HERE, GUEST, replace(GUEST, browser="new"), known("15400000002"), known(PHONE[:-1])):
        with pytest.raises(RateLimited, match="这个手机号"):
            send(stranger, 1)

    send(known(PHONE), 1)
    step_up_requests.send_code(by=family, act="choices.submit", content=b"2" * 32)


def test_a_browser_that_logged_in_and_each_log_in_have_a_limit_of_their_own(personas: Personas) -> None:
    set_rule("code.per_login", 1)
    send(known(PHONE), 1)
    with pytest.raises(RateLimited, match="您60分钟内要的验证码太多"):
        send(known(PHONE), 1)

    send(known(PHONE, "office"), 1)
    family = replace(personas.family("15400000003"), session="copied")
    step_up_requests.send_code(by=family, act="choices.submit", content=b"2" * 32)
    with pytest.raises(RateLimited, match="或退出后重新登录"):
        step_up_requests.send_code(by=family, act="choices.submit", content=b"2" * 32)

    again = replace(family, session="logged in again")
    step_up_requests.send_code(by=again, act="choices.submit", content=b"2" * 32)


def test_without_a_row_in_force_nothing_is_sent_and_the_refusal_names_the_key(personas: Personas) -> None:
    PolicyRule.objects.filter(key="code.per_phone").update(valid_from="2999-01-01")

    with pytest.raises(Refused, match=r"规则行缺少：code\.per_phone"):
        send(HERE, 1)

    assert OneTimeCode.objects.count() == 0


def test_what_is_not_known_is_not_counted_and_a_code_with_its_limits_costs_one_statement(personas: Personas) -> None:
    send(GUEST, 1)
    send(GUEST, 2)

    assert Allowance.objects.count() == 2, "the two phones"
    with statements() as sent:
        send(HERE, 3)

    assert sum("yangguang_allowance" in str(one) for one in sent) == 1


# Wrong tries


def enter(phone: str, code: str, browser: str = "") -> None:
    by = replace(GUEST, browser=browser).with_step_up(code=code, phone_hash=blind(phone))
    accounts.enter(by=by, phone=phone, browser=browser)


def test_wrong_tries_from_another_browser_leave_the_code_alone(personas: Personas) -> None:
    code = PhoneClient().request_code(PHONE, "account.enter", accounts.enter_content(PHONE, "own"))
    for browser in ("", "stranger", "own2"):
        for _ in range(6):
            with pytest.raises(StepUpRequired):
                enter(PHONE, code, browser)

    assert OneTimeCode.objects.get().tries == 0
    enter(PHONE, code, "own")


def test_a_code_whose_tries_are_used_up_does_not_bring_back_the_one_before(personas: Personas) -> None:
    first = PhoneClient().request_code(PHONE, "account.enter", accounts.enter_content(PHONE))
    PhoneClient().request_code(PHONE, "account.enter", accounts.enter_content(PHONE))
    for _ in range(5):
        with pytest.raises(StepUpRequired):
            enter(PHONE, "wrong")

    assert sorted(OneTimeCode.objects.values_list("tries", flat=True)) == [0, 5]
    with pytest.raises(StepUpRequired):
        enter(PHONE, first)


# At the page


def ask(client: Client, *, agent: str = "one", address: str = "192.0.2.1") -> int:
    page = client.post("/login/", {"phone": PHONE}, HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    return page.status_code


def test_twenty_codes_of_a_stranger_do_not_keep_the_family_out(personas: Personas) -> None:
    set_rule("code.per_phone", 3)
    home = open_browser()
    posted(home, "/login/", {"phone": PHONE})
    home.post("/login/", {"phone": PHONE, "code": code_for(PHONE)})
    home.post("/logout/")
    answers = [ask(Client(), agent=str(n), address=f"192.0.2.{n}") for n in range(20)]

    assert answers == [200, 200] + [422] * 18, "with the code of the first log-in"
    assert posted(home, "/login/", {"phone": PHONE}).status_code == 200
    assert home.post("/login/", {"phone": PHONE, "code": code_for(PHONE)}).headers["Location"] == "/me/"


def test_a_forged_cookie_makes_no_browser_known(personas: Personas) -> None:
    set_rule("code.per_phone", 1)
    stranger = Client()
    stranger.cookies[COOKIE] = signing.dumps(["home", mark_phone(blind(PHONE))], salt="another")

    assert [ask(stranger), ask(stranger)] == [200, 422]


@pytest.mark.parametrize(
    ("addresses", "answers"),
    [
        (["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"], [200, 422, 200]),
        (["192.0.2.1", "192.0.2.1", "192.0.2.2"], [200, 422, 200]),
    ],
)
def test_a_limit_is_by_address_and_of_ipv6_by_network_whatever_browser_it_is(
    personas: Personas, addresses: list[str], answers: list[int]
) -> None:
    set_rule("code.per_address", 1)

    assert [ask(Client(), agent=str(n), address=one) for n, one in enumerate(addresses)] == answers
