"""Two people: the second is never the first. (T3.21)"""

from yangguang.rules.accounts.actors import Actor
from yangguang.rules.base.refusals import Refused

BOTH_SIGN = "重要事项须由两人分别用各自的优盾办理"
ANOTHER = "请由另一位同事登录批准"
OUTDATED = "提请之后，所办理的内容又变了"
OTHER_CONTENT_DONE = "同一件事已按另一份内容办成"
EXPIRED = "到期没有第二个人办理"
WITHDRAWN = "提请人撤回"
REJECTED = "同岗位的另一位同事退回"
"""Why a proposal ended without being done."""


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


def is_outdated(proposed: str, now: str) -> bool:
    """Whether the object has another version than the one that the first person's page displayed.

    Args:
        proposed, now: versions; "" is not known, as in commands, and outdates nothing.
    """
    return "" not in (proposed, now) and proposed != now
