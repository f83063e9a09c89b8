"""Requests for a step-up: a code by SMS, or a challenge for a key; bound to one act and its content."""

import secrets
from functools import cache

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from yangguang import clock
from yangguang.actions.accounts.rate_limits import RATE_LIMITS, bind_limits
from yangguang.actions.base import step_up
from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.gateways.sms import Sms
from yangguang.models import KeyChallenge
from yangguang.models.base.fields import Sealed, blind, stars
from yangguang.postgres.sql import fetch_one
from yangguang.queries.accounts.guardians import guardian_phone
from yangguang.queries.seasons.policy_rules import format_rule, missing_rule
from yangguang.rules.accounts.actors import Actor, mark_phone
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.events import EVENTS
from yangguang.rules.base.names import clean_phone
from yangguang.rules.base.refusals import RateLimited, Refused, StepUpRequired
from yangguang.rules.seasons import policy_keys

# One statement: the phone is read, the limits are counted and the code is stored. Each log-in, and each browser
# that has logged in with the phone before, has a separate limit, so that a stranger cannot use up the codes of the
# family: neither by asking for codes for its number, nor with its session copied. (T2.08)
_STORE_CODE = f"""
WITH {RATE_LIMITS}, owner AS (
    SELECT o.*, rule_number(yg_now(), '{policy_keys.CODE_MINUTES.name}') AS minutes FROM (
        SELECT phone, phone_hash FROM yangguang_account WHERE id = %(account)s AND %(mark)s::bytea IS NULL
        UNION ALL SELECT NULL, %(mark)s::bytea WHERE %(mark)s::bytea IS NOT NULL
    ) AS o
), code AS (
    INSERT INTO yangguang_onetimecode (account_id, phone_hash, content, code_hash, expires_at, tries)
    SELECT %(account)s, phone_hash, %(content)s, %(code_hash)s, yg_now() + make_interval(mins => owner.minutes), 0
    FROM owner WHERE owner.minutes IS NOT NULL AND NOT EXISTS (SELECT 1 FROM over) RETURNING id, sent_at
)
SELECT code.id, code.sent_at, owner.phone, owner.minutes, ARRAY(SELECT key FROM over) AS over,
       ARRAY(SELECT key FROM over WHERE is_missing) AS missing
FROM owner LEFT JOIN code ON true
"""


@action("code.send", Right.ACCOUNT_SEND_CODE)
def send_code(
    entry: AuditRecord, *, by: Actor, act: str, content: bytes, phone: str = "", to_guardian_of: int | None = None
) -> None:
    """Send a six-digit code that is valid for `content` only.

    Args:
        act: name of the action the code is for; the message names it in Chinese.
        content: `content_of(act, …)`.
        phone: only for a guest; an account's code goes to its own phone, or
        to_guardian_of: to the guardian of this person of the family (row id), for acts of either.
    Raises:
        Refused: no guardian's phone is registered.
        RateLimited: too many codes within the span for the log-in, the phone or the address.
    """
    number = clean_phone(phone) if by.account is None else _find_guardian_phone(by, to_guardian_of)
    code = f"{secrets.randbelow(10**6):06d}"
    params = {
        "account": by.account,
        "mark": blind(number) if number else None,
        "content": content,
        "code_hash": step_up.code_hash(code, content),
    }
    row = fetch_one(_STORE_CODE, params | _bind_code_limits(by, number))
    assert row is not None, "a family that is logged in has an account"
    if row.missing or row.minutes is None:
        raise missing_rule(*(row.missing or [policy_keys.CODE_MINUTES.name]))
    if row.over:
        raise _rate_limited(row.over)
    entry.at = row.sent_at
    to = number or Sealed(bytes(row.phone), "yangguang_account.phone", stars).reveal()
    text = f"【阳光招生】验证码{code}，用于“{EVENTS[act]}”，{row.minutes}分钟内有效。不是您本人操作请勿告诉任何人。"
    # The provider drops a second message of one reference, also when a row number comes again after a restore.
    ref = f"code-{row.id}-{secrets.token_hex(4)}"
    transaction.on_commit(lambda: _sms(settings.GATEWAYS["sms"]).send(to, text, ref))
    entry.add_facts(act=act)


@action("key.challenge", Right.ACCOUNT_SIGN_IN)
def challenge(entry: AuditRecord, *, by: Actor, act: str, content: bytes) -> dict[str, object]:
    """The options a browser passes to the key, so that it signs exactly `content`.

    Raises:
        StepUpRequired: the account has no bound key.
    """
    credentials = step_up.list_credentials(by.account)
    if not credentials:
        raise StepUpRequired("您的账号没有绑定优盾", now="请向发放单位领取优盾并完成绑定")
    key_challenge = step_up.key_gateway().challenge_for(content, credentials)
    KeyChallenge.objects.create(account_id=by.require_account(), content=content, challenge=key_challenge.challenge)
    entry.add_facts(act=act)
    return key_challenge.options


def _find_guardian_phone(by: Actor, person: int | None) -> str:
    """The phone of the guardian of `person` (row id), "" when the code goes to the family's own phone."""
    phone = guardian_phone(person) if person in by.people else ""
    if person is not None and not phone:
        raise Refused("没有登记监护人的手机号", now="请把验证码发到本人手机")
    return phone


def _bind_code_limits(by: Actor, number: str) -> dict[str, object]:
    """Parameters of `RATE_LIMITS`: codes within the span for the log-in or the phone, and for the address."""
    limits = {policy_keys.CODES_PER_ADDRESS: by.address}
    if by.account is not None:
        limits[policy_keys.CODES_PER_LOGIN] = f"{by.account}:{by.session}"
    elif by.known is not None and mark_phone(blind(number)) in by.known.phones:
        limits[policy_keys.CODES_PER_LOGIN] = f"{number}:{by.known.token}"
    else:
        limits[policy_keys.CODES_PER_PHONE] = number
    return bind_limits(limits, policy_keys.CODE_SPAN)


def _rate_limited(over: list[str]) -> RateLimited:
    span = format_rule(policy_keys.CODE_SPAN, clock.now())
    if policy_keys.CODES_PER_PHONE.name in over:
        return RateLimited(
            f"这个手机号{span}内收到的登录验证码太多",
            why="为防止有人用短信骚扰您，没有登录过的浏览器这段时间要的条数有限",
            now=f"请换用以前登录过的手机或电脑，那里不受影响；或{span}后再试",
        )
    if policy_keys.CODES_PER_LOGIN.name in over:
        return RateLimited(
            f"您{span}内要的验证码太多",
            why="为防止有人用短信骚扰您，这段时间的条数有限",
            now=f"请{span}后再试，或退出后重新登录；已填写的内容请先抄下",
        )
    return RateLimited(
        f"这个网络{span}内要的验证码太多",
        why="为防止有人用短信骚扰别人，这段时间的条数有限",
        now=f"请{span}后再试，或换用手机流量；已填写的内容不会丢失",
    )


@cache
def _sms(path: str) -> Sms:
    """The SMS port, one a process."""
    port: Sms = import_string(path)()
    return port
