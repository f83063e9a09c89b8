"""The life of a hardware key (优盾): issued, signed for, bound to one person, revoked. (S23-4.12, S23-5.09, F-C1)"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from yangguang.actions.accounts.key_binding import hand_over, proved_key, require_without_key, waiting_keys
from yangguang.actions.base import step_up
from yangguang.actions.base.action import action, dual_action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import Account, KeyChallenge, SecurityKey, Unit
from yangguang.models.base.fields import Now
from yangguang.rules.accounts import key_states
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.free_text import clean_text
from yangguang.rules.base.refusals import StepUpRequired

_MINUTES = timedelta(minutes=10)


@dual_action("key.issue", Right.UKEY_ISSUE)
def issue(entry: AuditRecord, *, by: Actor, unit: Unit, serials: list[str]) -> int:
    """Put keys into the register as issued to a unit; a serial number is issued once.

    Returns:
        how many keys were new.
    """
    rows = [SecurityKey(serial=serial, unit=unit) for serial in serials]
    before = SecurityKey.objects.filter(serial__in=serials).count()
    SecurityKey.objects.bulk_create(rows, ignore_conflicts=True)
    entry.set_subject(unit)
    entry.add_facts(keys=len(serials), new=len(serials) - before)
    return len(serials) - before


@action("key.receive", Right.UKEY_REGISTER_RECEIPT, on="key")
def receive(entry: AuditRecord, *, by: Actor, key: SecurityKey, account: Account) -> str:
    """The unit signs for a key it holds in its hands and says who will have it; again, to give a new code.

    Args:
        account: of the unit's own officer, without a key so far.
    Returns:
        the binding code, to be handed over with the key; it is shown this once.
    Raises:
        Refused: see `binding.hand_over`.
    """
    if key.state != key_states.RECEIVED:
        key.state = key_states.TRANSITIONS.next_state("receive", key.state)
        key.save(update_fields=["state"])
    entry.add_facts(account=account.pk)
    return hand_over(key, account, entry.at)


@action("key.ask_binding", Right.ACCOUNT_SIGN_IN)
def ask_binding(entry: AuditRecord, *, by: Actor, username: str, code: str) -> dict[str, Any] | None:
    """Begin binding the key that came with this code; what the browser asks the key.

    Returns:
        the options for `navigator.credentials.create`; None when name and code do not belong together. That
        try is kept and counted, and nobody learns whether the name, the code or its time was wrong.
    """
    key = proved_key(username, code, entry.at)
    entry.add_facts(proved=key is not None)
    if key is None or key.account is None:
        return None
    account = key.account
    asked = step_up.gateway().registration_options(account.public_id.bytes, account.username)
    KeyChallenge.objects.create(account=account, content=key.public_id.bytes, challenge=asked.challenge)
    entry.set_subject(key)
    return asked.options


@action("key.bind", Right.ACCOUNT_SIGN_IN)
def bind(entry: AuditRecord, *, by: Actor, username: str, answer: Mapping[str, Any]) -> SecurityKey:
    """Bind a received key to its account. The answer is to the challenge that only the right code was given.

    Raises:
        StepUpRequired: nothing was asked within ten minutes, or the key did not pass (see `gateways.keys`).
        Refused: the account has got a key since.
    """
    key, asked = _asked_for(username.replace("\x00", "").strip(), entry.at)
    assert key.account is not None
    require_without_key(key.account)
    new = step_up.gateway().verify_registration(answer, bytes(asked.challenge))
    asked.used_at = Now()
    asked.save(update_fields=["used_at"])
    key.state = key_states.TRANSITIONS.next_state("bind", key.state)
    key.credential_id, key.public_key = new.credential_id, new.public_key
    key.sign_count, key.aaguid = new.sign_count, new.aaguid
    key.binding_hash = key.binding_until = None
    key.save(
        update_fields=["state", "credential_id", "public_key", "sign_count", "aaguid", "binding_hash", "binding_until"]
    )
    entry.set_subject(key)
    return key


def _asked_for(username: str, at: datetime) -> tuple[SecurityKey, KeyChallenge]:
    """The waiting key of this name and the newest question it was asked."""
    keys = {key.public_id.bytes: key for key in waiting_keys(username, at)}
    asked = KeyChallenge.objects.select_for_update().filter(
        account__username=username, content__in=list(keys), used_at=None, made_at__gt=at - _MINUTES
    )
    newest = asked.order_by("pk").last()
    if newest is None:
        raise StepUpRequired("绑定请求已失效", why="10分钟内没有完成", now="请重新填写登录名和绑定码")
    return keys[bytes(newest.content)], newest


@action("key.revoke", Right.UKEY_REVOKE, on="key")
def revoke(entry: AuditRecord, *, by: Actor, key: SecurityKey, reason: str) -> SecurityKey:
    """End a key at once; every later signature of it is refused."""
    key.state = key_states.TRANSITIONS.next_state("revoke", key.state)
    key.save(update_fields=["state"])
    entry.add_facts(reason=clean_text(reason, where="reason"))
    return key
