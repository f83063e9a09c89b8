"""The life of a hardware key (优盾): issued, signed for, bound to one person, revoked. ([S23] §四、§五)"""

from collections.abc import Mapping
from typing import Any

from yangguang.actions import factors
from yangguang.actions.entry import Entry
from yangguang.actions.kernel import action
from yangguang.models import Account, KeyChallenge, SecurityKey, Unit
from yangguang.models.fields import Now
from yangguang.rules import key_states
from yangguang.rules.actors import Actor
from yangguang.rules.free_text import clean_text
from yangguang.rules.refusals import Denied, Refused
from yangguang.rules.rights import Right


@action("key.issue", Right.UKEY_ISSUE)
def issue(entry: Entry, *, by: Actor, unit: Unit, serials: list[str]) -> int:
    """Put keys into the register as issued to a unit; a serial number is issued once.

    Returns:
        how many keys were new.
    """
    rows = [SecurityKey(serial=serial, unit=unit) for serial in serials]
    before = SecurityKey.objects.filter(serial__in=serials).count()
    SecurityKey.objects.bulk_create(rows, ignore_conflicts=True)
    entry.about(unit)
    entry.says(keys=len(serials), new=len(serials) - before)
    return len(serials) - before


@action("key.receive", Right.UKEY_REGISTER_RECEIPT, on="key")
def receive(entry: Entry, *, by: Actor, key: SecurityKey) -> SecurityKey:
    """The unit signs for a key it holds in its hands."""
    key.state = key_states.MOVES.take("receive", key.state)
    key.save(update_fields=["state"])
    return key


def binding_options(account: Account) -> tuple[bytes, dict[str, Any]]:
    """What the browser asks a new key; the challenge is kept by `ask_binding`."""
    known = SecurityKey.objects.filter(account=account, credential_id__isnull=False)
    asked = factors.gateway().registration_options(
        account.public_id.bytes,
        account.username,
        [bytes(k or b"") for k in known.values_list("credential_id", flat=True)],
    )
    return asked.challenge, asked.options


@action("key.ask_binding", Right.ACCOUNT_SIGN_IN)
def ask_binding(entry: Entry, *, by: Actor, account: Account, key: SecurityKey) -> dict[str, Any]:
    """Begin binding a received key to one's own account.

    Raises:
        Denied: to another's account.
    """
    _require_own(by, account)
    made, options = binding_options(account)
    KeyChallenge.objects.create(account=account, content=key.public_id.bytes, challenge=made)
    entry.about(key)
    return options


@action("key.bind", Right.ACCOUNT_SIGN_IN)
def bind(
    entry: Entry, *, by: Actor, account: Account, key: SecurityKey, answer: Mapping[str, Any]
) -> SecurityKey:
    """Bind a received key to the account whose browser answered the challenge.

    Raises:
        Denied: to another's account.
        Refused: the key is of another unit, or nothing was asked.
        FactorMissing: the key did not pass (see `gateways.keys`).
    """
    _require_own(by, account)
    if not account.seats.filter(unit=key.unit_id, ended_at=None).exists():
        raise Refused("这把优盾不是发给您所在单位的", now="请使用本单位签收的优盾")
    asked = KeyChallenge.objects.filter(account=account, content=key.public_id.bytes, used_at=None).last()
    if asked is None:
        raise Refused("绑定请求已失效", now="请重新开始绑定")
    new = factors.gateway().verify_registration(answer, bytes(asked.challenge))
    asked.used_at = Now()
    asked.save(update_fields=["used_at"])
    key.state = key_states.MOVES.take("bind", key.state)
    key.account, key.credential_id, key.public_key = account, new.credential_id, new.public_key
    key.sign_count, key.aaguid = new.sign_count, new.aaguid
    key.save(update_fields=["state", "account", "credential_id", "public_key", "sign_count", "aaguid"])
    entry.about(key)
    return key


def _require_own(by: Actor, account: Account) -> None:
    """A key speaks for a person, so that nobody binds one for somebody else."""
    if by.account is None or by.account != account.pk:
        raise Denied("只能由本人绑定优盾", why="优盾代表本人签名", now="请用本人账号登录后绑定")


@action("key.revoke", Right.UKEY_REVOKE, on="key")
def revoke(entry: Entry, *, by: Actor, key: SecurityKey, reason: str) -> SecurityKey:
    """End a key at once; every later signature of it is refused."""
    key.state = key_states.MOVES.take("revoke", key.state)
    key.save(update_fields=["state"])
    entry.says(reason=clean_text(reason, where="reason"))
    return key
