"""The one-time code that goes with a key: whoever holds both may bind the key to the account it was handed over for.

Made when a key is handed over, shown once, kept as a keyed SM3 only. (docs/mechanisms/keys.md, first binding)
"""

import hmac
import secrets
import unicodedata
from datetime import datetime, timedelta

from yangguang.actions.base.step_up import code_hash
from yangguang.models import Account, SecurityKey
from yangguang.rules.accounts import key_states
from yangguang.rules.base.refusals import Refused

HOURS, MOST_TRIES = 72, 5
# Nothing that is read for something else on paper: no 0 O 1 I L U. Thirty signs, twelve of them: 58 bits.
SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _GROUP = 3, 4


def clean_code(text: str) -> str:
    """A code as it was made, however it was typed: full width, small letters, blanks, any hyphens."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign in SIGNS)


def hand_over(key: SecurityKey, account: Account, at: datetime) -> str:
    """Name who will hold a received key, and make the code for it; an earlier code of this key is void.

    Returns:
        the code, "XXXX-XXXX-XXXX"; it cannot be read again.
    Raises:
        Refused: the key is for somebody else or of a unit where the account has no seat, or the account has one.
    """
    if key.account_id not in (None, account.pk):
        raise Refused("这把优盾已经登记给别人", why="一把优盾只代表一个人", now="请换一把优盾")
    if not account.seats.filter(unit=key.unit_id, ended_at=None).exists():
        raise Refused("这把优盾不是发给该账号所在单位的", now="请使用本单位签收的优盾")
    require_without_key(account)
    code = "".join(secrets.choice(SIGNS) for _ in range(_GROUPS * _GROUP))
    key.account, key.binding_hash = account, code_hash(code, key.public_id.bytes)
    key.binding_until, key.binding_tries = at + timedelta(hours=HOURS), 0
    key.save(update_fields=["account", "binding_hash", "binding_until", "binding_tries"])
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def require_without_key(account: Account) -> None:
    """A code never adds a second key to an account in use: its own key would have to be revoked first, openly.

    Raises:
        Refused: a key is bound.
    """
    if SecurityKey.objects.filter(account=account, state=key_states.BOUND).exists():
        raise Refused("这个账号已经绑定优盾", why="一人一把，不能另加一把", now="原优盾遗失或损坏的，请先吊销再发新的")


def proved_key(username: str, code: str, at: datetime) -> SecurityKey | None:
    """The key that name and code open, locked; None when they open none, and that try is counted."""
    waiting = waiting_keys(username, at)
    given = clean_code(code)
    for key in waiting:
        if hmac.compare_digest(code_hash(given, key.public_id.bytes), bytes(key.binding_hash or b"")):
            return key
    for key in waiting:
        key.binding_tries += 1
        key.save(update_fields=["binding_tries"])
    return None


def waiting_keys(username: str, at: datetime) -> list[SecurityKey]:
    """Received keys of this log-in name whose code still opens something, locked."""
    found = SecurityKey.objects.select_for_update(of=("self",)).select_related("account")
    rows = found.filter(
        account__username=username.strip(),
        account__frozen_at=None,
        state=key_states.RECEIVED,
        binding_hash__isnull=False,
        binding_until__gt=at,
        binding_tries__lt=MOST_TRIES,
    )
    return list(rows.order_by("pk"))
