"""The open look-up of one's own result: throttled, kept in the log, and silent about anybody else. (trust.md; B7)"""

from datetime import timedelta

from yangguang.actions.entry import Entry
from yangguang.actions.kernel import action
from yangguang.models.fields import blind
from yangguang.queries import results
from yangguang.queries.rows import fetch_one
from yangguang.rules.actors import Actor
from yangguang.rules.refusals import Refused
from yangguang.rules.rights import Right

# A computer room of a whole class fits into the first, a family into the second; guessing fits into neither.
PER_DEVICE, PER_NUMBER = 120, 12
SPAN = timedelta(minutes=10)
# A window that began ahead of the clock was left there by a rehearsal and begins again.
_SPEND = """
INSERT INTO yangguang_allowance AS a (mark, began_at, used) VALUES (%(mark)s, yg_now(), 1)
ON CONFLICT (mark) DO UPDATE SET
    used = CASE WHEN a.began_at BETWEEN yg_now() - %(span)s AND yg_now() THEN a.used + 1 ELSE 1 END,
    began_at = CASE WHEN a.began_at BETWEEN yg_now() - %(span)s AND yg_now() THEN a.began_at ELSE yg_now() END
RETURNING used
"""
_PERSON = "SELECT public_id, person_id FROM yangguang_application WHERE number = %s"


class TooOften(Refused):
    """The same device or number asked too often within the span."""

    status = 429
    code = "too_often"


@action("result.look_up", Right.RESULT_LOOKUP_THREE_FACTS)
def look_up(entry: Entry, *, by: Actor, number: str, name: str, id_number: str) -> results.OwnResults | None:
    """The published results of whoever knows all three facts; the log keeps who was looked at, never the facts.

    Args:
        number: 报名号; name, id_number: as typed.

    Returns:
        None when the three do not belong together; the same queries were made then.
    Raises:
        TooOften: more than `PER_DEVICE` from one device, or `PER_NUMBER` about one number, within `SPAN`.
    """
    _spend(f"device:{by.device}", PER_DEVICE)
    _spend(f"number:{number.strip()[:16]}", PER_NUMBER)
    found = results.look_up(number, id_number, name)
    row = fetch_one(_PERSON, (found.number if found else "",))
    if row is not None:
        entry.about(f"application:{row[0]}", row[1])
    entry.says(found=found is not None, device=by.device)
    return found


def _spend(mark: str, most: int) -> None:
    row = fetch_one(_SPEND, {"mark": blind(f"result.look_up:{mark}"), "span": SPAN})
    if row is not None and row[0] > most:
        raise TooOften(
            "查询太频繁，这次没有查",
            why=f"为防止有人试探别人的信息，{SPAN.seconds // 60}分钟内的查询次数有限",
            now="请过一会儿再查；急需时可登录后在“我的页面”查看，不受限制",
        )
