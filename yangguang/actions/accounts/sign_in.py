"""Staff log in with their name and their key's signature; an unknown name is answered like a known one. (F-C1)"""

from dataclasses import dataclass, replace

from yangguang.actions.base import step_up
from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord, content_of
from yangguang.models import Account, KeyChallenge
from yangguang.models.base.fields import blind
from yangguang.queries.accounts.actors import load_actor
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import StepUpRequired

_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The account (row id), and the serial of the key that signed: the session ends when that key is revoked."""

    account: int
    key: str


@action("account.ask_sign_in", Right.ACCOUNT_SIGN_IN)
def ask(entry: AuditRecord, *, by: Actor, username: str) -> dict[str, object]:
    """The options a browser passes to the key of `username`.

    For a name without a key the options name a key that does not exist, the same one every time, so that the answer
    does not reveal which names exist.
    """
    account, content = _find_staff(username)
    credentials = step_up.list_credentials(account.pk) if account else []
    challenge = step_up.key_gateway().challenge_for(content, credentials or [blind(f"no key of {_clean(username)}")])
    if account and credentials:
        KeyChallenge.objects.create(account=account, content=content, challenge=challenge.challenge)
        entry.set_subject(f"account:{account.pk}")
    return challenge.options


@action("account.sign_in", Right.ACCOUNT_SIGN_IN)
def sign_in(entry: AuditRecord, *, by: Actor, username: str) -> SignedIn:
    """Log an officer in with the signature that came as `by.step_up`.

    Raises:
        StepUpRequired: unknown name, no such key, a frozen account, or a wrong signature: one sentence for all.
    """
    account, content = _find_staff(username)
    try:
        if account is None or by.step_up is None:
            raise StepUpRequired("没有登录")
        serial = step_up.consume_signature(replace(load_actor(account.pk), step_up=by.step_up), content)
    except StepUpRequired:
        raise StepUpRequired(
            "没有登录：登录名和优盾对不上",
            why="登录须用本人登录名和绑定在该账号上的优盾，签名在几分钟内有效",
            now="请核对登录名，插入本人的优盾重新签名；优盾遗失请联系发放单位挂失",
        ) from None
    entry.set_subject(f"account:{account.pk}")
    entry.add_facts(key=serial)
    return SignedIn(account.pk, serial)


def _clean(username: str) -> str:
    name = username.strip()
    return name if len(name) <= _LONGEST_NAME else ""


def _find_staff(username: str) -> tuple[Account | None, bytes]:
    """The account of an officer with a role, and the content that a log-in signature under this name is bound to."""
    name = _clean(username)
    staff = Account.objects.filter(username=name, role_assignments__ended_at=None, role_assignments__isnull=False)
    return staff.first(), content_of("account.sign_in", {"username": name})
