"""Two people: the second is never the first. Acts that take two people ask it here."""

from yangguang.rules.accounts.actors import Actor
from yangguang.rules.base.refusals import Refused

BOTH_SIGN = "重要事项须由两人分别用各自的优盾办理"
ANOTHER = "请由另一位同事登录批准"


def require_second_person(
    by: Actor, *, first: int | tuple[int | None, ...] | None, what: str, why: str = BOTH_SIGN, now: str = ANOTHER
) -> None:
    """Raise Refused if the actor is one of those who did the first part.

    Args:
        first: row ids of their accounts; None for a part that nobody has done.
        what, why, now: the sentences of the refusal.
    """
    firsts = first if isinstance(first, tuple) else (first,)
    if by.account is not None and by.account in firsts:
        raise Refused(what, why=why, now=now)
