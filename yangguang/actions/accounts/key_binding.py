"""The one-time code that goes with a key: with both, the key is bound to the account it was assigned to.

The code is made when the key is assigned, displayed once, and stored as a keyed SM3 only. (docs/mechanisms/keys.md)
"""

import hmac
import secrets
import unicodedata
from datetime import datetime, timedelta

from yangguang.actions.base.step_up import code_hash
from yangguang.models import Account, SecurityKey
from yangguang.queries.seasons.policy_rules import rule_at
from yangguang.rules.accounts import key_states
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons import policy_keys

# No sign that is read as another one on paper: no 0 O 1 I L U. Thirty signs, twelve of them: 58 bits.
SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH, _GROUP = 12, 4


def clean_binding_code(text: str) -> str:
    """A code in its canonical form, however it was typed: full width, small letters, blanks, any hyphens."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign in SIGNS)


def assign_key(key: SecurityKey, account: Account, at: datetime) -> str:
    """Mark the key as received, name its holder, and make the code for it; an earlier code of this key is void.

    Returns:
        the code, "XXXX-XXXX-XXXX"; it cannot be read again.
    Raises:
        Refused: the key is registered for another account or issued to a unit where the account has no role, or
            the account has a key.
        IllegalMove: the key is bound, lost or revoked.
    """
    if key.state != key_states.RECEIVED:
        key.state = key_states.TRANSITIONS.next_state("receive", key.state)
    if key.account_id not in (None, account.pk):
        raise Refused("这把优盾已经登记给别人", why="一把优盾只代表一个人", now="请换一把优盾")
    if not account.role_assignments.filter(unit=key.unit_id, ended_at=None).exists():
        raise Refused("这把优盾不是发给该账号所在单位的", now="请使用本单位签收的优盾")
    require_without_key(account)
    code = "".join(secrets.choice(SIGNS) for _ in range(_LENGTH))
    key.account, key.binding_hash = account, code_hash(code, key.public_id.bytes)
    key.binding_until, key.binding_tries = at + timedelta(hours=rule_at(at, policy_keys.KEY_BINDING_HOURS).value), 0
    key.save(update_fields=["state", "account", "binding_hash", "binding_until", "binding_tries"])
    return "-".join(code[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def require_without_key(account: Account) -> None:
    """Raise Refused if a key is bound to the account: a code never adds a second one, revoking is a separate act."""
    if SecurityKey.objects.filter(account=account, state=key_states.BOUND).exists():
        raise Refused("这个账号已经绑定优盾", why="一人一把，不能另加一把", now="原优盾遗失或损坏的，请先吊销再发新的")


def find_key_by_code(username: str, code: str, at: datetime) -> SecurityKey | None:
    """The key of this log-in name and code, locked; None when there is none, and the attempt is counted."""
    unbound, code = lock_unbound_keys(username, at), clean_binding_code(code)
    for key in unbound:
        if hmac.compare_digest(code_hash(code, key.public_id.bytes), bytes(key.binding_hash or b"")):
            return key
    for key in unbound:
        key.binding_tries += 1
        key.save(update_fields=["binding_tries"])
    return None


def lock_unbound_keys(username: str, at: datetime) -> list[SecurityKey]:
    """The received keys of this log-in name whose code is still valid, locked."""
    rows = SecurityKey.objects.select_for_update(of=("self",)).select_related("account")
    valid = {
        "binding_hash__isnull": False,
        "binding_until__gt": at,
        "binding_tries__lt": rule_at(at, policy_keys.KEY_BINDING_TRIES).value,
    }
    owner = {"account__username": username.strip(), "account__frozen_at": None}
    return list(rows.filter(state=key_states.RECEIVED, **owner, **valid).order_by("pk"))
