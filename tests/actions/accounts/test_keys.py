"""A key is bound by the person with it and its one-time code: five tries, 72 hours, once, and never a second key."""

import json
from datetime import timedelta

import pytest

from tests.support.clients import OfficerClient, approve_by_two
from tests.support.personas import SHELL, Personas, bound
from yangguang import clock
from yangguang.actions.accounts import accounts, key_binding, keys, sign_in
from yangguang.actions.accounts.accounts import FirstAccount
from yangguang.models import Account, AuditEntry, KeyChallenge, SecurityKey, Unit
from yangguang.rules.accounts import key_states
from yangguang.rules.accounts.actors import GUEST
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.refusals import IllegalMove, Refused, StepUpRequired

pytestmark = pytest.mark.django_db
WRONG = "2222-2222-2222"


def open_account(unit: Unit, serial: str = "K9", username: str = "new1") -> FirstAccount:
    return accounts.open_first(
        by=SHELL, username=username, name="某新", role=Role.CITY_EDUCATION, unit=unit, sector="education", serial=serial
    )


def ask(code: str, username: str = "new1") -> bool:
    """Whether name and code were answered with a question for the key."""
    return keys.ask_binding(by=GUEST, username=username, code=code) is not None


def test_a_code_binds_once_and_only_its_digest_is_kept(personas: Personas) -> None:
    code = open_account(personas.city).code
    key = SecurityKey.objects.get(serial="K9")

    assert (key.state, len(code), len(bytes(key.binding_hash or b""))) == ("RECEIVED", 14, 32)
    assert code.encode() not in bytes(key.binding_hash or b"")
    who = bound("new1", code)
    key.refresh_from_db()

    assert (key.state, key.account.username, key.binding_hash) == ("BOUND", "new1", None)
    assert bytes(key.credential_id or b"") == who.key.credential_id
    assert not ask(code)
    assert not AuditEntry.objects.filter(facts__icontains=key_binding.clean_binding_code(code)).exists()


def test_a_code_is_read_however_it_is_typed(personas: Personas) -> None:
    code = open_account(personas.city).code
    full_width = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    for typed in (code, code.lower(), code.replace("-", " "), full_width, f" {code}\n"):
        assert ask(typed)

    assert SecurityKey.objects.get(serial="K9").binding_tries == 0


def test_the_fifth_wrong_try_ends_a_code_and_a_new_one_begins_afresh(personas: Personas) -> None:
    code = open_account(personas.city).code
    for tries in range(1, 6):
        assert not ask(WRONG)
        assert SecurityKey.objects.get(serial="K9").binding_tries == tries

    assert not ask(code)
    again = open_account(personas.city).code

    assert again != code
    assert not ask(code)
    assert ask(again)


def test_four_wrong_tries_leave_the_code_good(personas: Personas) -> None:
    code = open_account(personas.city).code

    assert [ask(WRONG) for _ in range(4)] == [False] * 4
    assert ask(code)


def test_a_code_is_over_after_72_hours(personas: Personas) -> None:
    code = open_account(personas.city).code
    key = SecurityKey.objects.get(serial="K9")

    assert timedelta(hours=71) < key.binding_until - clock.now() <= timedelta(hours=72)
    SecurityKey.objects.filter(serial="K9").update(binding_until=clock.now())

    assert not ask(code)


def test_a_code_opens_no_other_name_and_no_other_key(personas: Personas) -> None:
    own, other = open_account(personas.city).code, open_account(personas.city, "K10", "new2").code

    assert (ask(own, "new2"), ask(other, "new1"), ask(own, "nobody"), ask(own, "me")) == (False,) * 4
    assert ask(own)
    assert ask(other, "new2")


def test_an_answer_is_taken_only_to_the_question_that_the_right_code_was_given(personas: Personas) -> None:
    code = open_account(personas.city).code
    with pytest.raises(StepUpRequired, match="绑定请求已失效"):
        keys.bind(by=GUEST, username="new1", answer={})
    options = keys.ask_binding(by=GUEST, username="new1", code=code)

    assert options is not None
    answer = OfficerClient("new1").key.register(options)
    stranger = OfficerClient("new1").key.register(options | {"challenge": "AAAA"})
    with pytest.raises(StepUpRequired, match="没有通过验证"):
        keys.bind(by=GUEST, username="new1", answer=stranger)
    KeyChallenge.objects.filter(account__username="new1").update(created_at=clock.now() - timedelta(minutes=11))
    with pytest.raises(StepUpRequired, match="绑定请求已失效"):
        keys.bind(by=GUEST, username="new1", answer=answer)

    assert SecurityKey.objects.get(serial="K9").state == key_states.RECEIVED


def test_an_account_with_a_key_gets_no_second_one_until_the_first_is_revoked(personas: Personas) -> None:
    with pytest.raises(Refused, match="已经绑定优盾"):
        open_account(personas.city, "K9", "me")
    personas.me.sign(keys.revoke, key=SecurityKey.objects.get(serial="DEMO-me"), reason="遗失")

    assert ask(open_account(personas.city, "K9", "me").code, "me")


def test_a_key_of_somebody_else_or_without_a_unit_is_not_given_to_another(personas: Personas) -> None:
    open_account(personas.city)
    with pytest.raises(Refused, match="已经登记给别人"):
        open_account(personas.city, "K9", "new2")
    with pytest.raises(Refused, match="不是发给该账号所在单位"):
        keys.receive(
            by=personas.teacher.actor,
            account=Account.objects.get(username="new1"),
            key=SecurityKey.objects.create(serial="K11", unit=personas.school),
        )
    with pytest.raises(Refused, match="领用单位"):
        accounts.open_first(by=SHELL, username="au", name="某", role=Role.AUDITOR, unit=None, sector="", serial="K12")
    with pytest.raises(IllegalMove):
        open_account(personas.city, "DEMO-me", "me")

    assert Account.objects.filter(username__in=["new2", "au"]).count() == 0


def test_a_key_goes_from_the_province_over_the_unit_to_its_holder_who_then_comes_in(personas: Personas) -> None:
    approve_by_two(personas.pe1, personas.pe2, keys.issue, unit=personas.school, serials=["K20"])
    personas.ce.sign(
        accounts.open_staff,
        username="t2",
        name="某教",
        role=Role.VOCATIONAL_SCHOOL,
        unit=personas.school,
        sector="education",
    )
    key, account = SecurityKey.objects.get(serial="K20"), Account.objects.get(username="t2")
    code = personas.teacher.act(keys.receive, key=key, account=account)
    renewed = personas.teacher.act(keys.receive, key=key, account=account)

    assert not ask(code, "t2")
    who = bound("t2", renewed)
    options = sign_in.ask(by=GUEST, username="t2")
    done = sign_in.sign_in(by=GUEST.with_step_up(assertion=json.dumps(who.key.sign(options))), username="t2")

    assert (done.account, done.key) == (account.pk, "K20")
    with pytest.raises(IllegalMove):
        personas.teacher.act(keys.receive, key=key, account=account)
