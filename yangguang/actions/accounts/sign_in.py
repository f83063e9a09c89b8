"""Staff come in with their name and their key's signature; an unknown name is answered like a known one. (F-C1)"""

from dataclasses import dataclass, replace
from typing import Any

from yangguang.actions.base import step_up
from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord, content_of
from yangguang.models import Account, KeyChallenge, SecurityKey
from yangguang.models.base.fields import blind
from yangguang.queries.accounts.actors import load_actor
from yangguang.rules.accounts import key_states
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Denied, StepUpRequired

_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who came in, and the serial of the key that proved it: the session ends when that key is revoked."""

    account: int
    key: str


def sign_in_content(username: str) -> bytes:
    """What a log-in signature is bound to."""
    return content_of("account.sign_in", {"username": username})


@action("account.ask_sign_in", Right.ACCOUNT_SIGN_IN)
def ask(entry: AuditRecord, *, by: Actor, username: str) -> dict[str, Any]:
    """The options a browser hands to the key of `username`.

    For a name without a key the options name a key that does not exist, the same one every time, so that
    nobody learns which names there are.
    """
    username = username.strip()[:_LONGEST_NAME]
    account = _staff(username)
    keys = SecurityKey.objects.filter(account=account, state=key_states.BOUND) if account else ()
    known = [bytes(key.credential_id or b"") for key in keys] or [blind(f"no key of {username}")]
    asked = step_up.gateway().challenge_for(sign_in_content(username), known)
    if account is not None and keys:
        KeyChallenge.objects.create(account=account, content=sign_in_content(username), challenge=asked.challenge)
        entry.set_subject(f"account:{account.pk}")
    return asked.options


@action("account.sign_in", Right.ACCOUNT_SIGN_IN)
def sign_in(entry: AuditRecord, *, by: Actor, username: str) -> SignedIn:
    """Log an officer in with the signature that came as `by.step_up`.

    Raises:
        StepUpRequired: unknown name, no such key, or the signature does not hold: one sentence for all.
        Denied: the account is frozen.
    """
    username = username.strip()[:_LONGEST_NAME]
    account = _staff(username)
    if account is None or by.step_up is None:
        raise not_proved()
    try:
        serial = step_up.consume(
            AuditRecord(entry.action, replace(load_actor(account.pk), step_up=by.step_up)), sign_in_content(username)
        )
    except StepUpRequired:
        raise not_proved() from None
    if account.frozen_at is not None:
        raise Denied("这个账号已被冻结", why="主管部门要求暂停使用", now="请联系上级主管部门")
    entry.set_subject(f"account:{account.pk}")
    entry.add_facts(key=serial)
    return SignedIn(account.pk, serial)


def _staff(username: str) -> Account | None:
    return Account.objects.filter(username=username, seats__ended_at=None, seats__isnull=False).first()


def not_proved() -> StepUpRequired:
    """One sentence for an unknown name, another's key and a broken signature."""
    return StepUpRequired(
        "没有登录：登录名和优盾对不上",
        why="登录须用本人登录名和绑定在该账号上的优盾，签名10分钟内有效",
        now="请核对登录名，插入本人的优盾重新签名；优盾遗失请联系发放单位挂失",
    )
