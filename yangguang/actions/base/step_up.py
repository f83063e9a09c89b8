"""Step-up: a code for families, a key's signature for staff; each is valid for one act and its content."""

import json
from datetime import timedelta

from django.conf import settings
from django.utils.module_loading import import_string

from yangguang import clock
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.gateways.ciphers import sm3
from yangguang.gateways.keys import WebAuthnKeys
from yangguang.models import KeyChallenge, SecurityKey
from yangguang.models.base.fields import Now
from yangguang.postgres.sql import execute, fetch_one
from yangguang.queries.seasons.policy_rules import format_rule, rule_at
from yangguang.rules.accounts import key_states
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.base.numbers import clean_code
from yangguang.rules.base.refusals import StepUpRequired
from yangguang.rules.seasons import policy_keys

_TRIES_ARE_LEFT = f"tries < rule_number(yg_now(), '{policy_keys.CODE_TRIES.name}')"
# Only the newest code counts: when its tries are used up, the one before does not come back.
_NEWEST = f"""
SELECT id FROM (
    SELECT * FROM yangguang_onetimecode
    WHERE phone_hash = coalesce(%s, (SELECT phone_hash FROM yangguang_account WHERE id = %s)) AND content = %s
    ORDER BY sent_at DESC, id DESC LIMIT 1
) AS newest WHERE used_at IS NULL AND expires_at > yg_now() AND {_TRIES_ARE_LEFT}
"""
# The outer conditions are checked again after waiting for another transaction, which may have used the code.
_USE = f"""
UPDATE yangguang_onetimecode SET used_at = yg_now()
WHERE id = ({_NEWEST}) AND code_hash = %s AND used_at IS NULL AND {_TRIES_ARE_LEFT} RETURNING used_at
"""
_COUNT = f"UPDATE yangguang_onetimecode SET tries = tries + 1 WHERE id = ({_NEWEST}) AND {_TRIES_ARE_LEFT}"


def code_hash(code: str, content: bytes) -> bytes:
    """What is stored of a code: worthless without the server's key and for any other content."""
    return sm3(settings.SECRET_KEY.encode() + content + code.encode())


def consume(entry: AuditRecord, content: bytes) -> str:
    """Use up the code or signature that came with the actor.

    Returns:
        the `factor` of the audit record: "code", or the serial of the key.
    Raises:
        StepUpRequired: none came, or it is wrong, old, used or for something else.
    """
    by = entry.by
    if by.signs_with_key:
        return consume_signature(by, content)
    if by.step_up is None:
        raise StepUpRequired("请输入短信验证码")
    code = code_hash(clean_code(by.step_up.code), content)
    used = fetch_one(_USE, (by.step_up.phone_hash, by.account, content, code))
    if used is None:
        raise StepUpRequired(
            "验证码不对、已过期或已用过",
            why=_describe_validity(),
            now="请点“重新获取验证码”；您填写的内容不会丢失",
        )
    entry.at = used.used_at
    return "code"


def _describe_validity() -> str:
    minutes, tries = (format_rule(key, clock.now()) for key in (policy_keys.CODE_MINUTES, policy_keys.CODE_TRIES))
    return f"验证码{minutes}内有效，最多试{tries}，只能用于您刚才要办的这一件事"


def count_try(by: Actor, content: bytes) -> None:
    """Count a wrong code; the fifth one ends it."""
    if by.step_up is not None and not by.signs_with_key:
        execute(_COUNT, (by.step_up.phone_hash, by.account, content))


def key_gateway() -> WebAuthnKeys:
    """The key port of this installation."""
    adapter: WebAuthnKeys = import_string(settings.GATEWAYS["keys"])()
    return adapter


def list_credentials(account: int | None) -> list[bytes]:
    """The credential ids of the keys that are bound to the account (row id)."""
    keys = SecurityKey.objects.filter(account=account, state=key_states.BOUND)
    return [bytes(credential or b"") for credential in keys.values_list("credential_id", flat=True)]


def consume_signature(by: Actor, content: bytes) -> str:
    """Use up the challenge that the actor's key signed; returns the serial of the key. Raises as `consume`."""
    if by.step_up is None:
        raise StepUpRequired("请插入优盾并签名确认")
    port = key_gateway()
    try:
        answer = json.loads(by.step_up.assertion)
        credential = port.credential(answer["id"])
    # RecursionError: brackets without end exhaust the parser.
    except (ValueError, TypeError, KeyError, RecursionError):
        raise StepUpRequired("没有收到优盾的签名", now="请插入优盾后重试") from None
    # A challenge that was not answered within minutes belongs to a page that was left.
    oldest = Now() - timedelta(minutes=rule_at(clock.now(), policy_keys.KEY_MINUTES).value)
    challenges = KeyChallenge.objects.select_for_update().filter(
        account=by.account, content=content, used_at=None, created_at__gt=oldest
    )
    keys = SecurityKey.objects.select_for_update()
    key = keys.filter(credential_id=credential, account=by.account, state=key_states.BOUND).first()
    if key is None:
        raise StepUpRequired("这把优盾没有绑定到您的账号，或已挂失、吊销", now="请换用本人的优盾，或联系发放单位")
    for challenge in challenges:
        count = port.verify(answer, bytes(challenge.challenge), bytes(key.public_key or b""), key.sign_count)
        if count is not None:
            challenge.used_at = Now()
            challenge.save(update_fields=["used_at"])
            key.sign_count = count
            key.save(update_fields=["sign_count"])
            return key.serial
    raise StepUpRequired("优盾签名不是针对这一操作的，或已经用过", now="请重新签名")
