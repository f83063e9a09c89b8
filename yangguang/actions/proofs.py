"""Asking for a fresh factor: a code by SMS, or a challenge for a key; bound to one act and its content."""

import secrets
from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from yangguang.actions import factors
from yangguang.actions.budgets import TooOften, spend
from yangguang.actions.entry import Entry
from yangguang.actions.kernel import action
from yangguang.models import KeyChallenge, SecurityKey
from yangguang.models.fields import Sealed, blind, stars
from yangguang.queries.rows import fetch_one
from yangguang.rules import key_states
from yangguang.rules.actors import Actor
from yangguang.rules.events import say_action
from yangguang.rules.names import clean_phone
from yangguang.rules.refusals import FactorMissing
from yangguang.rules.rights import Right

# Guests and the signed-in family have budgets of their own, so that a stranger who asks for log-in codes cannot
# use up those that the family needs to submit. (trust.md, SMS bombing)
_KEEP = """
INSERT INTO yangguang_onetimecode (account_id, phone_hash, content, code_hash, expires_at, tries)
VALUES (%s, %s, %s, %s, yg_now() + interval '5 minutes', 0) RETURNING id, sent_at
"""
_SPAN = timedelta(hours=1)


@action("code.send", Right.ACCOUNT_SEND_CODE)
def send_code(entry: Entry, *, by: Actor, act: str, content: bytes, phone: str = "") -> None:
    """Send a six-digit code good for `content` only.

    Args:
        act: name of the action the code is for; the message says it in words.
        content: `content_of(act, …)`.
        phone: only for a guest; an account's code always goes to its own phone.
    Raises:
        TooOften: the phone, the browser or the address has used its budget of an hour up.
    """
    to = clean_phone(phone) if by.account is None else _own_phone(by.account)
    code = f"{secrets.randbelow(10**6):06d}"
    mark = blind(to)
    _spend(by, mark)
    kept = fetch_one(_KEEP, (by.account, mark, content, factors.code_hash(code, content)))
    assert kept is not None
    entry.at = kept[1]
    text = f"【阳光招生】验证码{code}，用于“{say_action(act)}”，5分钟内有效。不是您本人操作请勿告诉任何人。"
    # The provider drops a second message of one reference, also when a row number comes again after a restore.
    ref = f"code-{kept[0]}-{secrets.token_hex(4)}"
    transaction.on_commit(lambda: _sms(settings.GATEWAYS["sms"]).send(to, text, ref))
    entry.says(act=act)


@action("key.challenge", Right.ACCOUNT_SIGN_IN)
def challenge(entry: Entry, *, by: Actor, act: str, content: bytes) -> dict[str, Any]:
    """The options a browser hands to the key, so that it signs exactly `content`.

    Raises:
        FactorMissing: the account has no bound key.
    """
    keys = SecurityKey.objects.filter(account=by.account, state=key_states.BOUND)
    known = [bytes(key or b"") for key in keys.values_list("credential_id", flat=True)]
    if not known:
        raise FactorMissing("您的账号没有绑定优盾", now="请向发放单位领取优盾并完成绑定")
    asked = factors.gateway().challenge_for(content, known)
    assert by.account is not None
    KeyChallenge.objects.create(account_id=by.account, content=content, challenge=asked.challenge)
    entry.says(act=act)
    return asked.options


def _spend(by: Actor, mark: bytes) -> None:
    who = "guest" if by.account is None else "family"
    phone = {"code.per_phone": f"{who}:{mark.hex()}"}
    often = TooOften(
        "这个手机号一小时内收到的验证码太多",
        why="为防止有人用短信骚扰您，每小时的条数有限",
        now="请一小时后再试；已填写的内容不会丢失",
    )
    spend(phone, _SPAN, often)
    often = TooOften(
        "这台设备或这个网络一小时内要的验证码太多",
        why="为防止有人用短信骚扰别人，每小时的条数有限",
        now="请一小时后再试，或换一台设备、换用手机流量；已填写的内容不会丢失",
    )
    spend({"code.per_browser": by.browser, "code.per_address": by.address}, _SPAN, often)


def _own_phone(account: int) -> str:
    row = fetch_one("SELECT phone FROM yangguang_account WHERE id = %s", (account,))
    assert row is not None and row[0] is not None, "staff have keys, families have phones"
    return Sealed(bytes(row[0]), "yangguang_account.phone", stars).reveal()


@cache
def _sms(path: str) -> Any:
    """The SMS port, made once a process."""
    return import_string(path)()
