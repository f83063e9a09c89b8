"""Public look-up of one's own result by three facts: rate-limited and recorded. (T2.07, F-B7)"""

from yangguang.actions.accounts.rate_limits import count_attempt
from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.postgres.sql import fetch_one
from yangguang.queries.disclosure import results
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.folding import fold_number
from yangguang.rules.base.refusals import RateLimited
from yangguang.rules.seasons import policy_keys

_PERSON = "SELECT public_id, person_id FROM yangguang_application WHERE number = %s"


@action("result.look_up", Right.RESULT_LOOKUP_THREE_FACTS)
def look_up(entry: AuditRecord, *, by: Actor, number: str, name: str, id_number: str) -> results.OwnResults | None:
    """The published results of the person to whom all three facts belong; the log records the person, not the facts.

    Args:
        number: 报名号.
        name, id_number: as typed.
    Returns:
        None when the three do not belong together, after the same queries.
    Raises:
        RateLimited: the limit for this device or this number is reached.
    """
    # The first limit allows a class in one computer room, the second a family; neither allows guessing.
    limits = {policy_keys.LOOKUPS_PER_DEVICE: by.device, policy_keys.LOOKUPS_PER_NUMBER: fold_number(number)}
    count_attempt(limits, policy_keys.LOOKUP_SPAN, _too_often)
    own = results.look_up(number, id_number, name)
    row = fetch_one(_PERSON, (own.number if own else "",))
    if row is not None:
        entry.set_subject(f"application:{row.public_id}", row.person_id)
    entry.add_facts(found=own is not None, device=by.device)
    return own


def _too_often(span: str) -> RateLimited:
    return RateLimited(
        "查询太频繁，这次没有查",
        why=f"为防止有人试探别人的信息，{span}内的查询次数有限",
        now="请过一会儿再查；急需时可登录后在“我的页面”查看，不受限制",
    )
