"""The open look-up of one's own result: throttled, kept in the log, and silent about anybody else. (T2.07, F-B7)"""

from datetime import timedelta

from yangguang.actions.accounts.rate_limits import TooOften, spend
from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.postgres.sql import fetch_one
from yangguang.queries.disclosure import results
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right

SPAN = timedelta(minutes=10)
_PERSON = "SELECT public_id, person_id FROM yangguang_application WHERE number = %s"


@action("result.look_up", Right.RESULT_LOOKUP_THREE_FACTS)
def look_up(
    entry: AuditRecord, *, by: Actor, number: str, name: str, id_number: str
) -> results.OwnResults | None:
    """The published results of whoever knows all three facts; the log keeps who was looked at, never the facts.

    Args:
        number: 报名号; name, id_number: as typed.

    Returns:
        None when the three do not belong together; the same queries were made then.
    Raises:
        TooOften: one device, or everybody about one number, has used its budget of `SPAN` up.
    """
    # A computer room of a whole class fits into the first, a family into the second; guessing fits into neither.
    askers = {"result.per_device": by.device, "result.per_number": number.strip()[:16]}
    spend(askers, SPAN, _too_often())
    found = results.look_up(number, id_number, name)
    row = fetch_one(_PERSON, (found.number if found else "",))
    if row is not None:
        entry.set_subject(f"application:{row[0]}", row[1])
    entry.add_facts(found=found is not None, device=by.device)
    return found


def _too_often() -> TooOften:
    return TooOften(
        "查询太频繁，这次没有查",
        why=f"为防止有人试探别人的信息，{SPAN.seconds // 60}分钟内的查询次数有限",
        now="请过一会儿再查；急需时可登录后在“我的页面”查看，不受限制",
    )
