"""Asking for a step-up: a code by SMS, or a challenge for a key; bound to one act and its content."""

import secrets
from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from yangguang.actions.accounts.rate_limits import RATE_LIMITS, RateLimited, bound
from yangguang.actions.base import step_up
from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import KeyChallenge, SecurityKey
from yangguang.models.base.fields import Sealed, blind, stars
from yangguang.postgres.sql import fetch_one
from yangguang.queries.accounts.guardians import guardian_phone
from yangguang.rules.accounts import key_states
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.events import EVENTS
from yangguang.rules.base.names import clean_phone
from yangguang.rules.base.refusals import Refused, StepUpRequired

# One statement: the phone is found, the budgets are spent and the code is kept. Guests and the signed-in family have
# budgets of their own, so that a stranger who asks for log-in codes cannot use up those that the family needs to
# submit. (T2.08)
_KEEP = f"""
WITH {RATE_LIMITS}, owner AS (
    SELECT phone, phone_hash FROM yangguang_account WHERE id = %(account)s AND %(mark)s::bytea IS NULL
    UNION ALL SELECT NULL, %(mark)s::bytea WHERE %(mark)s::bytea IS NOT NULL
), kept AS (
    INSERT INTO yangguang_onetimecode (account_id, phone_hash, content, code_hash, expires_at, tries)
    SELECT %(account)s, phone_hash, %(content)s, %(code_hash)s, yg_now() + interval '5 minutes', 0
    FROM owner WHERE NOT EXISTS (SELECT 1 FROM over) RETURNING id, sent_at
)
SELECT kept.id, kept.sent_at, owner.phone, ARRAY(SELECT key FROM over) FROM owner LEFT JOIN kept ON true
"""
_SPAN = timedelta(hours=1)


@action("code.send", Right.ACCOUNT_SEND_CODE)
def send_code(
    entry: AuditRecord, *, by: Actor, act: str, content: bytes, phone: str = "", to_guardian_of: int | None = None
) -> None:
    """Send a six-digit code good for `content` only.

    Args:
        act: name of the action the code is for; the message says it in words.
        content: `content_of(act, …)`.
        phone: only for a guest; an account's code goes to its own phone, or
        to_guardian_of: to the guardian of this person of the family (row id), for acts where either may speak.
    Raises:
        Refused: no guardian's phone is registered.
        RateLimited: the phone, the browser or the address has used its budget of an hour up.
    """
    number = clean_phone(phone) if by.account is None else _guardians(by, to_guardian_of)
    code = f"{secrets.randbelow(10**6):06d}"
    asker = number if by.account is None else ""
    row = {
        "account": by.account,
        "mark": blind(number) if number else None,
        "content": content,
        "code_hash": step_up.code_hash(code, content),
        **bound(_askers(by, asker), _SPAN),
    }
    kept = fetch_one(_KEEP, row)
    assert kept is not None, "a signed-in family has an account"
    if over := kept[3]:
        raise _too_often("code.per_phone" in over)
    entry.at = kept[1]
    to = number or Sealed(bytes(kept[2]), "yangguang_account.phone", stars).reveal()
    text = f"【阳光招生】验证码{code}，用于“{EVENTS[act]}”，5分钟内有效。不是您本人操作请勿告诉任何人。"
    # The provider drops a second message of one reference, also when a row number comes again after a restore.
    ref = f"code-{kept[0]}-{secrets.token_hex(4)}"
    transaction.on_commit(lambda: _sms(settings.GATEWAYS["sms"]).send(to, text, ref))
    entry.add_facts(act=act)


@action("key.challenge", Right.ACCOUNT_SIGN_IN)
def challenge(entry: AuditRecord, *, by: Actor, act: str, content: bytes) -> dict[str, Any]:
    """The options a browser hands to the key, so that it signs exactly `content`.

    Raises:
        StepUpRequired: the account has no bound key.
    """
    keys = SecurityKey.objects.filter(account=by.account, state=key_states.BOUND)
    known = [bytes(key or b"") for key in keys.values_list("credential_id", flat=True)]
    if not known:
        raise StepUpRequired("您的账号没有绑定优盾", now="请向发放单位领取优盾并完成绑定")
    asked = step_up.gateway().challenge_for(content, known)
    assert by.account is not None
    KeyChallenge.objects.create(account_id=by.account, content=content, challenge=asked.challenge)
    entry.add_facts(act=act)
    return asked.options


def _guardians(by: Actor, guarded: int | None) -> str:
    """The phone of the guardian who is to get the code, "" when it goes to the family's own phone."""
    if guarded is None:
        return ""
    found = guardian_phone(guarded) if guarded in by.people else ""
    if not found:
        raise Refused("没有登记监护人的手机号", now="请把验证码发到本人手机")
    return found


def _askers(by: Actor, number: str) -> dict[str, str]:
    """Whom a code is counted against; an account stands for its phone."""
    phone = f"guest:{number}" if number else f"family:{by.account}"
    return {"code.per_phone": phone, "code.per_browser": by.browser, "code.per_address": by.address}


def _too_often(phone: bool) -> RateLimited:
    if phone:
        return RateLimited(
            "这个手机号一小时内收到的验证码太多",
            why="为防止有人用短信骚扰您，每小时的条数有限",
            now="请一小时后再试；已填写的内容不会丢失",
        )
    return RateLimited(
        "这台设备或这个网络一小时内要的验证码太多",
        why="为防止有人用短信骚扰别人，每小时的条数有限",
        now="请一小时后再试，或换一台设备、换用手机流量；已填写的内容不会丢失",
    )


@cache
def _sms(path: str) -> Any:
    """The SMS port, made once a process."""
    return import_string(path)()
