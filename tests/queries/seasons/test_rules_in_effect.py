"""Each rule row orders what it says: another value is another behaviour and another sentence; without a row nothing
is assumed."""

import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from tests.support.builders.officers import page_of, seen
from tests.support.builders.policy import set_rule
from tests.support.builders.rule_effects import EFFECTS, Effect, unbound_key
from tests.support.clients import PhoneClient
from tests.support.personas import Personas
from yangguang.actions.accounts import accounts, keys
from yangguang.models import OneTimeCode, PolicyRule, SecurityKey
from yangguang.models.base.fields import blind
from yangguang.rules.accounts.actors import GUEST
from yangguang.rules.base.refusals import Refused, StepUpRequired
from yangguang.rules.seasons.policy_keys import KEYS, MOST_TRIES
from yangguang.rules.seasons.windows import WindowKind

pytestmark = pytest.mark.django_db
PHONE = "15400000001"
ELSEWHERE = {
    "review.refill_hours": "tests/actions/choices/test_disputes.py",
    "sanction.rechoice_hours": "tests/actions/supervision/test_sanction_effects.py",
}


def observe(personas: Personas, effect: Effect) -> object:
    """What the platform does; the database is as before afterwards."""
    with transaction.atomic():
        try:
            return effect.observe(personas)
        finally:
            transaction.set_rollback(True)


def is_as_expected(observed: object, expected: object) -> bool:
    """A text holds the expected words; anything else equals."""
    return expected in observed if isinstance(observed, str) and isinstance(expected, str) else observed == expected


@pytest.mark.parametrize("name", sorted(EFFECTS))
def test_another_value_is_another_behaviour_and_another_sentence(personas: Personas, name: str) -> None:
    key, effect = KEYS[name], EFFECTS[name]
    for value, expected in zip(effect.values, effect.expected, strict=True):
        PolicyRule.objects.filter(key=name).delete()
        set_rule(name, value)
        cache.clear()

        observed, page = observe(personas, effect), page_of(Client(), "/rules/")

        assert is_as_expected(observed, expected), f"{value}: {observed}"
        assert key.sentence(key.read(value)) in page


@pytest.mark.parametrize("name", sorted(set(EFFECTS) - {"permission.closed_kinds"}))
def test_without_a_row_nothing_is_assumed(personas: Personas, name: str) -> None:
    """But for `permission.closed_kinds`: what no row closes is open."""
    PolicyRule.objects.filter(key=name).delete()

    with pytest.raises((Refused, AssertionError), match=rf"规则行缺少：{re.escape(name)}"):
        observe(personas, EFFECTS[name])


PAGES = [
    "/",
    "/rules/",
    "/schools/",
    "/plans/",
    "/login/",
    "/login/key/",
    "/results/",
    "/disclosure/",
    "/me/register/consent/",
]


@pytest.mark.parametrize("page", PAGES)
def test_without_any_row_a_page_answers_or_says_which_rule_is_missing(personas: Personas, page: str) -> None:
    personas.open(WindowKind.REGISTRATION)
    PolicyRule.objects.all().delete()
    client = Client(raise_request_exception=False)

    answer = client.get(page)

    assert answer.status_code < 500, seen(answer)
    assert answer.status_code != 422 or "规则行缺少" in seen(answer)


def test_as_many_wrong_codes_are_counted_as_a_rule_may_allow(personas: Personas) -> None:
    """No number of the database stands beside the rule rows."""
    for name in ("code.tries", "key.binding_tries"):
        PolicyRule.objects.filter(key=name).delete()
        set_rule(name, MOST_TRIES)
    unbound_key(personas)
    PhoneClient().request_code(PHONE, "account.enter", accounts.enter_content(PHONE))
    wrong = GUEST.with_step_up(code="not it", phone_hash=blind(PHONE))

    for _ in range(MOST_TRIES + 1):
        assert keys.ask_binding(by=GUEST, username="new1", code="2222-2222-2222") is None
        with pytest.raises(StepUpRequired):
            accounts.enter(by=wrong, phone=PHONE, browser="")

    assert (OneTimeCode.objects.get().tries, SecurityKey.objects.get(serial="K9").binding_tries) == (20, 20)


def test_every_key_is_given_another_value_by_a_test() -> None:
    assert set(EFFECTS) | set(ELSEWHERE) == set(KEYS)
    for name, path in ELSEWHERE.items():
        assert f'set_rule("{name}"' in Path(path).read_text()
