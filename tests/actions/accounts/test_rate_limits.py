"""Codes have budgets per phone, per browser and per address; the numbers are policy rows. (T2.08)"""

from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client

from tests.support.builders.policy import set_rule
from tests.support.personas import Personas, personas
from tests.support.query_counter import statements
from yangguang.actions.accounts import accounts, step_up_requests
from yangguang.models import Allowance, OneTimeCode, PolicyRule
from yangguang.rules.accounts.actors import GUEST, Actor
from yangguang.rules.base.refusals import RateLimited, Refused

__all__ = ["personas"]
pytestmark = pytest.mark.django_db
HERE = replace(GUEST, browser="one", address="school")


def send(by: Actor, serial: int) -> None:
    phone = f"154{serial:08d}"
    step_up_requests.send_code(by=by, act="account.enter", content=accounts.enter_content(phone), phone=phone)


@pytest.mark.parametrize(
    ("key", "other"),
    [("code.per_browser", replace(HERE, browser="two")), ("code.per_address", replace(HERE, address="home"))],
)
def test_phone_after_phone_is_stopped_where_it_is_asked_from(personas: Personas, key: str, other: Actor) -> None:
    set_rule(key, 2)
    send(HERE, 1)
    send(HERE, 2)
    with pytest.raises(RateLimited, match="这台设备或这个网络"):
        send(HERE, 3)

    assert OneTimeCode.objects.count() == 2, "nothing is sent and nothing is kept"
    send(other, 3)
    Allowance.objects.update(began_at="2020-01-01T00:00Z")
    send(HERE, 4)


def test_one_phone_is_stopped_from_everywhere_but_its_family_is_not(personas: Personas) -> None:
    family = personas.family()
    set_rule("code.per_phone", 2)  # The first was asked for to come in.
    step_up_requests.send_code(by=HERE, act="account.enter", content=b"1" * 32, phone="15400000001")
    with pytest.raises(RateLimited, match="这个手机号"):
        step_up_requests.send_code(by=GUEST, act="account.enter", content=b"1" * 32, phone="15400000001")
    step_up_requests.send_code(by=family, act="choices.submit", content=b"2" * 32)


def test_without_a_row_in_force_nothing_is_sent_and_the_refusal_names_the_key(personas: Personas) -> None:
    PolicyRule.objects.filter(key="code.per_browser").update(valid_from="2999-01-01")

    with pytest.raises(Refused, match=r"规则行缺少：code\.per_browser"):
        send(HERE, 1)

    assert OneTimeCode.objects.count() == 0


def test_what_is_not_known_is_not_counted_and_a_code_with_its_budgets_costs_one_statement(personas: Personas) -> None:
    set_rule("code.per_browser", 1)
    send(GUEST, 1)
    send(GUEST, 2)

    assert Allowance.objects.count() == 2, "the two phones"
    with statements() as sent:
        send(HERE, 3)

    assert sum("yangguang_allowance" in str(one) for one in sent) == 1


def test_a_browser_is_known_by_its_cookie_and_told_on_the_page(personas: Personas) -> None:
    set_rule("code.per_browser", 1)
    client, stranger = (Client(raise_request_exception=False) for _ in range(2))
    client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    stranger.cookies[settings.CSRF_COOKIE_NAME] = "b" * 32
    said = [one.post("/login/", {"phone": f"1540000010{n}"}) for n, one in enumerate([client, client, stranger])]

    assert [answer.status_code for answer in said] == [200, 422, 200]
    page = said[1].content.decode()

    assert "这台设备或这个网络" in page and "15400000101" in page, "what was typed stays"
