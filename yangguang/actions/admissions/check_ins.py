"""Check-in at the school, and the release of seats nobody came for. (R6.03, R6.07, F-C5)"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yangguang.actions.admissions import seats
from yangguang.actions.admissions.transitions import transition_sql
from yangguang.actions.base.action import action, dual_action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.messages.enqueue import enqueue_sql
from yangguang.models import Admission, Round, Unit
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.queries.admissions.check_ins import ABSENT, check_in_span, reach
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions import admission_states as states
from yangguang.rules.admissions.end_reasons import Ending
from yangguang.rules.base.refusals import Refused, WindowClosed
from yangguang.rules.seasons.windows import (
    SHANGHAI,
    WindowStatus,
    check_open,
    format_closing,
    format_instant,
    start_of,
    window_status,
)


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """What became of a list: the numbers checked in, and a refusal for each other one (`where` is the number)."""

    taken: tuple[str, ...]
    refused: tuple[Refused, ...]


class TooEarly(Refused):
    """The day at the door lies before the first day on which the student could come."""


# The admission at this school that counts for each number asked, locked in a fixed order; its round's window.
_FOUND = """
SELECT DISTINCT ON (p.number) p.number, a.id, a.state, w.opens_at, w.closes_at
FROM yangguang_application AS p
JOIN yangguang_admission AS a ON a.application_id = p.id AND a.school_id = %(school)s
JOIN yangguang_round AS r ON r.id = a.round_id
LEFT JOIN effective_window(r.season_id, r.id, 'check_in', ARRAY[a.person_id]) AS w ON true
WHERE p.number = ANY(%(numbers)s) AND (%(round)s::bigint IS NULL OR r.id = %(round)s::bigint)
ORDER BY p.number, array_position(%(order)s, a.state::text), r.number DESC
"""
_LOCK = "SELECT id, state FROM yangguang_admission WHERE id = ANY(%s) ORDER BY id FOR UPDATE"
# Telling the family is a control: nobody is checked in without knowing. (S23-2.08, T2.05)
_CAME = transition_sql(
    "check_in",
    which="a.id = ANY(%(ids)s)",
    cause=Admission.Cause.SCHOOL,
    at="%(came_at)s",
    returning="a.id, a.person_id",
)
_TAKEN = """
SELECT person_id, 'check_in.taken' AS event, 'admission:' || id AS subject, %(text)s::text AS text FROM came
"""
_TAKE = f"""
WITH came AS ({_CAME}), queued AS ({enqueue_sql(_TAKEN)})
SELECT count(*) FROM came
"""
_BY_HAND = "如果不是您本人到校，请立即登录平台点“不是我本人”或联系县级招生主管部门。"
_WHY_NOT = {
    states.CHECKED_IN: ("这名学生已经办理过报到", "一人只报到一次"),
    states.DECLINED: ("这名学生已放弃本校的录取", "放弃后名额已经释放"),
    states.LAPSED: ("这名学生逾期未应答，录取已失效", "逾期后名额已经释放"),
    states.ABSENT: ("这名学生已按未报到处理", "报到结束后名额已经释放"),
    states.RELEASED: ("这名学生已退录", "退录后名额已经释放"),
}


@action("check_in.take", Right.CHECK_IN_TAKE, on="school")
def take(
    entry: AuditRecord,
    *,
    by: Actor,
    school: Unit,
    numbers: Sequence[str],
    at_door: date,
    round: Round | None = None,
) -> CheckedIn:
    """Check in the students of a list; the others come back with their reasons, and nobody waits for them.

    The window is that of each student's own round, so it is asked here per number. A day before today counts as
    that day from 00:00, which a month already sealed shows as a correction.

    Args:
        numbers: 报名号 in any order.
        at_door: the day the students stood at the door, today or earlier.
    Raises:
        Refused: the list is empty or the day lies ahead.
        WindowClosed, TooEarly: not one number could be taken, and the window or the day is why.
    """
    asked = [number.strip() for number in numbers]
    came_at = _came_at(asked, at_door, entry.at)
    ids, refused = _judged(asked, _locked(_found(school, round, asked)), came_at, entry.at)
    taken = _take(school, list(ids.values()), came_at)
    assert taken == len(ids), "the rows are locked"
    reasons = Counter(refusal.what for refusal in refused)
    entry.add_facts(taken=taken, refused=dict(sorted(reasons.items())), day=at_door.isoformat())
    return CheckedIn(tuple(ids), tuple(refused))


@take.preflight
def _(
    at: datetime,
    *,
    by: Actor,
    school: Unit,
    numbers: Sequence[str],
    at_door: date,
    round: Round | None = None,
) -> None:
    asked = [number.strip() for number in numbers]
    _judged(asked, _found(school, round, asked), _came_at(asked, at_door, at), at)


def _came_at(asked: list[str], at_door: date, at: datetime) -> datetime:
    """The instant that counts: now for today, else that day from 00:00."""
    today = at.astimezone(SHANGHAI).date()
    if not asked:
        raise Refused("名单是空的", now="请至少填写一个报名号", where="numbers")
    if at_door > today:
        raise Refused("报到日期不能晚于今天", now="请核对日期", where="at_door")
    return at if at_door == today else start_of(at_door)


def _judged(
    asked: list[str], found: dict[str, tuple[Any, ...]], came_at: datetime, at: datetime
) -> tuple[dict[str, int], list[Refused]]:
    """The admission to check in by number, and a refusal for each other number."""
    refused: list[Refused] = []
    ids: dict[str, int] = {}
    for number, times in Counter(asked).items():
        try:
            ids[number] = _may_come(number, found.get(number), times, came_at, at)
        except Refused as refusal:
            refused.append(refusal)
    if not ids and (timely := next((r for r in refused if isinstance(r, WindowClosed | TooEarly)), None)):
        if isinstance(timely, TooEarly):  # It is the day of the whole list that must be mended, not a number.
            timely.where = "at_door"
        raise timely
    return ids, refused


def _found(school: Unit, round: Round | None, numbers: list[str]) -> dict[str, tuple[Any, ...]]:
    order = [states.OFFERED, states.ACCEPTED, states.WAITING, *_WHY_NOT]
    asked = {
        "school": school.pk,
        "numbers": numbers,
        "round": round.pk if round else None,
        "order": order,
    }
    return {row[0]: row[1:] for row in fetch_all(_FOUND, asked)}


def _locked(rows: dict[str, tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
    """The same with the states as they stand once nobody else can change them."""
    locked: dict[int, str] = dict(fetch_all(_LOCK, ([row[0] for row in rows.values()],)))
    return {number: (row[0], locked[row[0]], *row[2:]) for number, row in rows.items()}


def _may_come(number: str, row: tuple[Any, ...] | None, times: int, came_at: datetime, at: datetime) -> int:
    """The admission to check in.

    Raises:
        Refused: with the reason this number is not taken.
    """
    if times > 1:
        raise Refused(f"报名号在名单中出现了{times}次", now="请删去重复的行后再提交这一个", where=number)
    if row is None:
        raise Refused(
            "本校的录取名单中没有这个报名号",
            why="只能为被本校录取的学生办理报到",
            now="请核对报名号；学生可登录平台查看本人录取结果",
            where=number,
        )
    admission, state, opens, closes = row
    if state in _WHY_NOT:
        what, why = _WHY_NOT[state]
        raise Refused(what, why=why, now="请学生登录平台查看，或参加后续补录", where=number)
    try:
        check_open("报到", opens, closes, at)
    except WindowClosed as closed:
        closed.where = number
        raise
    if came_at.astimezone(SHANGHAI).date() < opens.astimezone(SHANGHAI).date():
        raise TooEarly(
            "报到日期早于报到开始的日期",
            why=f"报到从{format_instant(opens)}开始",
            now="请核对日期",
            where=number,
        )
    return int(admission)


def _take(school: Unit, ids: list[int], came_at: datetime) -> int:
    text = f"【阳光招生】您已在{school.name}办理报到。{_BY_HAND}"
    row = fetch_one(_TAKE, {"ids": ids, "came_at": came_at, "text": text})
    assert row is not None
    seats.confirm(ids, Admission.Cause.SCHOOL)
    return int(row[0])


_GONE = transition_sql(
    "miss",
    source="due",
    which="a.id = due.id",
    cause=Admission.Cause.SYSTEM,
    at="%(at)s",
    reason=f"'{Ending.ABSENT.value}'",
    returning="a.id, a.person_id, due.school",
)
_MISSED = """
SELECT person_id, 'check_in.absent' AS event, 'admission:' || id AS subject,
       '【阳光招生】您没有在规定时间内到' || school || '报到，录取名额已释放。您仍可参加后续补录，请登录平台查看。'
       AS text
FROM gone
"""
_MISS = f"""
WITH due AS (
    SELECT * FROM ({ABSENT}) AS absent
), gone AS ({_GONE}), queued AS ({enqueue_sql(_MISSED)})
SELECT id FROM gone ORDER BY id
"""
_OF_ABSENT = f"SELECT absent.quota_id FROM ({ABSENT}) AS absent"


@dual_action("check_in.release_absent", Right.CHECK_IN_RELEASE_ABSENT, on="round")
def release_absent(entry: AuditRecord, *, by: Actor, round: Round) -> int:
    """After the check-in window: whoever has not come is 未报到, and the seats are free again; two people.

    Only the schools in the actor's reach. `queries.admissions.check_ins.absent_preview` shows what this will do.

    Returns:
        how many admissions were released (persons).
    Raises:
        Refused: the window has not closed yet.
    """
    opens, closes = check_in_span(round)
    if window_status(opens, closes, entry.at) is not WindowStatus.AFTER:
        raise Refused(
            "报到还没有结束，不能释放名额",
            why=f"本批次报到{format_closing(closes)}",
            now="请在截止之后再办理",
        )
    within = reach(by, round)
    seats.lock_quotas(_OF_ABSENT, within)
    gone = [row[0] for row in fetch_all(_MISS, within | {"at": entry.at})]
    entry.add_facts(absent=len(gone), freed=seats.release(gone, Admission.Cause.SYSTEM))
    return len(gone)
