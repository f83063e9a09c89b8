"""The life of a hardware key (优盾): issued, received, bound to one person, revoked. (S23-4.12, S23-5.09, F-C1)"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from yangguang.actions.accounts.key_binding import (
    assign_key,
    find_key_by_code,
    lock_unbound_keys,
    require_without_key,
)
from yangguang.actions.base import step_up
from yangguang.actions.base.action import action, dual_action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import Account, KeyChallenge, SecurityKey, Unit
from yangguang.models.base.fields import Now
from yangguang.queries.seasons.policy_rules import rule_at
from yangguang.rules.accounts import key_states
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.free_text import clean_text
from yangguang.rules.base.refusals import Refused, StepUpRequired
from yangguang.rules.seasons import policy_keys


@dual_action("key.issue", Right.UKEY_ISSUE)
def issue(entry: AuditRecord, *, by: Actor, unit: Unit, serials: list[str]) -> int:
    """Put keys into the register as issued to a unit; a serial number is issued once.

    Returns:
        how many keys were new.
    Raises:
        Refused: all of them are in the register.
    """
    _require_new(serials)
    new = len(serials) - SecurityKey.objects.filter(serial__in=serials).count()
    SecurityKey.objects.bulk_create(
        [SecurityKey(serial=serial, unit=unit) for serial in serials], ignore_conflicts=True
    )
    entry.set_subject(unit)
    entry.add_facts(keys=len(serials), new=new)
    return new


@issue.preflight
def _(at: datetime, *, by: Actor, unit: Unit, serials: list[str]) -> None:
    _require_new(serials)


def _require_new(serials: list[str]) -> None:
    if SecurityKey.objects.filter(serial__in=serials).count() == len(set(serials)):
        raise Refused("这些优盾都已经登记", why="一个序列号只发放一次", now="请核对序列号")


@action("key.receive", Right.UKEY_REGISTER_RECEIPT, on="key")
def receive(entry: AuditRecord, *, by: Actor, key: SecurityKey, account: Account) -> str:
    """The unit confirms that it received a key and assigns it to an officer; called again, it gives a new code.

    Args:
        account: of the unit's own officer, without a key so far.
    Returns:
        the binding code, to be handed over with the key; it is displayed only once.
    Raises:
        Refused: see `key_binding.assign_key`.
    """
    entry.add_facts(account=account.pk)
    return assign_key(key, account, entry.at)


@action("key.ask_binding", Right.ACCOUNT_SIGN_IN)
def ask_binding(entry: AuditRecord, *, by: Actor, username: str, code: str) -> dict[str, object] | None:
    """Begin to bind the key that came with this code.

    Returns:
        the options for `navigator.credentials.create`; None when name and code do not belong together. The attempt
        is recorded and counted; the answer does not say whether the name, the code or its time was wrong.
    """
    key = find_key_by_code(username, code, entry.at)
    entry.add_facts(proved=key is not None)
    if key is None or key.account is None:
        return None
    challenge = step_up.key_gateway().registration_options(key.account.public_id.bytes, key.account.username)
    KeyChallenge.objects.create(account=key.account, content=key.public_id.bytes, challenge=challenge.challenge)
    entry.set_subject(key)
    return challenge.options


@action("key.bind", Right.ACCOUNT_SIGN_IN)
def bind(entry: AuditRecord, *, by: Actor, username: str, answer: Mapping[str, object]) -> SecurityKey:
    """Bind a received key to its account.

    Args:
        answer: to the challenge of `ask_binding`.
    Raises:
        StepUpRequired: there is no challenge of the last ten minutes, or the key did not pass (`gateways.keys`).
        Refused: another key was bound to the account since.
    """
    key, challenge = _lock_challenge(username.replace("\x00", "").strip(), entry.at)
    assert key.account is not None
    require_without_key(key.account)
    new = step_up.key_gateway().verify_registration(answer, bytes(challenge.challenge))
    challenge.used_at = Now()
    challenge.save(update_fields=["used_at"])
    key.state = key_states.TRANSITIONS.next_state("bind", key.state)
    key.binding_hash = key.binding_until = None
    registered = ("credential_id", "public_key", "sign_count", "aaguid")
    for name in registered:
        setattr(key, name, getattr(new, name))
    key.save(update_fields=["state", "binding_hash", "binding_until", *registered])
    entry.set_subject(key)
    return key


def _lock_challenge(username: str, at: datetime) -> tuple[SecurityKey, KeyChallenge]:
    """The newest unanswered challenge of this log-in name, locked, and its key."""
    keys = {key.public_id.bytes: key for key in lock_unbound_keys(username, at)}
    valid = rule_at(at, policy_keys.KEY_MINUTES)
    challenges = KeyChallenge.objects.select_for_update().filter(
        account__username=username,
        content__in=list(keys),
        used_at=None,
        created_at__gt=at - timedelta(minutes=valid.value),
    )
    newest = challenges.order_by("pk").last()
    if newest is None:
        raise StepUpRequired("绑定请求已失效", why=valid.sentence, now="请重新填写登录名和绑定码")
    return keys[bytes(newest.content)], newest


@action("key.revoke", Right.UKEY_REVOKE, on="key")
def revoke(entry: AuditRecord, *, by: Actor, key: SecurityKey, reason: str) -> SecurityKey:
    """End a key at once; every later signature of it is refused."""
    key.state = key_states.TRANSITIONS.next_state("revoke", key.state)
    key.save(update_fields=["state"])
    entry.add_facts(reason=clean_text(reason, where="reason"))
    return key
