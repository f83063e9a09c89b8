"""Two people: the second is never the first. (T3.21)"""

from yangguang.rules.accounts.actors import Actor
from yangguang.rules.base.refusals import Refused

BOTH_SIGN = "重要事项须由两人分别用各自的优盾办理"
ANOTHER = "请由另一位同事登录批准"


def require_second_person(
    by: Actor, *, first: int | tuple[int | None, ...] | None, what: str, why: str = BOTH_SIGN, now: str = ANOTHER
) -> None:
    """Raise Refused (`what`, `why`, `now`) if the actor did a part before.

    Args:
        first: row ids of the accounts that did the earlier parts; None for a part that is not done.
    """
    firsts = first if isinstance(first, tuple) else (first,)
    if by.account is not None and by.account in firsts:
        raise Refused(what, why=why, now=now)
