"""Check-in at the school, and the release of seats of students who did not come. (R6.03, R6.07, F-C5)"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yangguang.actions.admissions import seats
from yangguang.actions.admissions.transitions import transition_sql
from yangguang.actions.base.action import action, dual_action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.messages.enqueue import enqueue_sql
from yangguang.models import Admission, Confirmation, Round, Unit
from yangguang.postgres.sql import Row, fetch_all
from yangguang.queries.admissions.check_ins import get_check_in_span
from yangguang.queries.admissions.no_shows import NO_SHOWS, build_params, count_no_shows
from yangguang.queries.runs.later_rounds import SENTENCES, bind_sentences
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions import admission_states as states
from yangguang.rules.admissions.end_reasons import EndReason
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
class CheckInResult:
    """The 报名号 checked in, and a refusal for each other one (its `where` is the number)."""

    checked_in: tuple[str, ...]
    refused: tuple[Refused, ...]


class TooEarly(Refused):
    """The day of arrival is before the first day of check-in."""


# For each 报名号 the admission at this school that counts, and the check-in window of its round.
_ADMISSIONS = """
SELECT DISTINCT ON (p.number) p.number, a.id, a.state, w.opens_at, w.closes_at
FROM yangguang_application AS p
JOIN yangguang_admission AS a ON a.application_id = p.id AND a.school_id = %(school)s
JOIN yangguang_round AS r ON r.id = a.round_id
LEFT JOIN effective_window(r.season_id, r.id, 'check_in', ARRAY[a.person_id]) AS w ON true
WHERE p.number = ANY(%(numbers)s)
ORDER BY p.number, array_position(%(order)s, a.state::text), r.number DESC
"""
_LOCK = "SELECT id, state FROM yangguang_admission WHERE id = ANY(%s) ORDER BY id FOR UPDATE"
_CHECK_IN = transition_sql(
    "check_in",
    which="a.id = ANY(%(ids)s)",
    cause=Admission.Cause.SCHOOL,
    at="%(came_at)s",
    returning="a.id, a.person_id",
)
# The message is a control: every family learns of the check-in. (S23-2.08, T2.05)
_MESSAGES = """
SELECT person_id, 'check_in.taken' AS event, 'admission:' || id AS subject, %(text)s::text AS text FROM came
"""
_CHECK_IN_AND_TELL = f"""
WITH came AS ({_CHECK_IN}), queued AS ({enqueue_sql(_MESSAGES)})
SELECT id FROM came
"""
_IF_NOT_YOU = (
    f"如果不是您本人到校，请立即联系县级招生主管部门；核对学籍时还可以选“{Confirmation.Opinion.NOT_ME.label}”。"
)
_NOT_EXPECTED = {
    states.CHECKED_IN: ("这名学生已经办理过报到", "一人只报到一次"),
    states.DECLINED: ("这名学生已放弃本校的录取", "放弃后名额已经释放"),
    states.LAPSED: ("这名学生逾期未应答，录取已失效", "逾期后名额已经释放"),
    states.ABSENT: ("这名学生已按未报到处理", "报到结束后名额已经释放"),
    states.RELEASED: ("这名学生已退录", "退录后名额已经释放"),
}


@action("check_in.take", Right.CHECK_IN_TAKE, on="school")
def check_in_students(
    entry: AuditRecord, *, by: Actor, school: Unit, numbers: Sequence[str], arrived_on: date
) -> CheckInResult:
    """Check in the students of a list; each refused number is returned with its reason and delays no other.

    The window is that of each student's own round. A day before today counts from 00:00 of that day, so that a
    sealed month shows it as a correction.

    Args:
        numbers: 报名号 in any order.
        arrived_on: today or earlier.
    Raises:
        Refused: the list is empty, or the day is in the future.
        WindowClosed, TooEarly: no number can be checked in, because of the window or the day.
    """
    came_at = _compute_arrival(arrived_on, entry.at)
    ids, refused = _sort_numbers(school, numbers, came_at, entry.at, lock=True)
    text = f"【阳光招生】您已在{school.name}办理报到。{_IF_NOT_YOU}"
    params = {"ids": list(ids.values()), "came_at": came_at, "text": text}
    came = fetch_all(_CHECK_IN_AND_TELL, params)
    assert len(came) == len(ids), "the rows are locked"
    seats.confirm_seats(list(ids.values()), Admission.Cause.SCHOOL)
    reasons = Counter(refusal.what for refusal in refused)
    entry.add_facts(taken=len(came), refused=dict(sorted(reasons.items())), day=arrived_on.isoformat())
    return CheckInResult(tuple(ids), tuple(refused))


@check_in_students.preflight
def _(at: datetime, *, by: Actor, school: Unit, numbers: Sequence[str], arrived_on: date) -> None:
    _sort_numbers(school, numbers, _compute_arrival(arrived_on, at), at, lock=False)


def _compute_arrival(arrived_on: date, at: datetime) -> datetime:
    """The instant of arrival: `at` for today, else 00:00 of that day."""
    today = at.astimezone(SHANGHAI).date()
    if arrived_on > today:
        raise Refused("报到日期不能晚于今天", now="请核对日期", where="arrived_on")
    return at if arrived_on == today else start_of(arrived_on)


def _sort_numbers(
    school: Unit, numbers: Sequence[str], came_at: datetime, at: datetime, *, lock: bool
) -> tuple[dict[str, int], list[Refused]]:
    """The admission (row id) to check in by number, and a refusal for each other number."""
    if not numbers:
        raise Refused("名单是空的", now="请至少填写一个报名号", where="numbers")
    times_listed = Counter(number.strip() for number in numbers)
    admissions = _find_admissions(school, list(times_listed), lock=lock)
    refused: list[Refused] = []
    ids: dict[str, int] = {}
    for number, times in times_listed.items():
        try:
            ids[number] = _require_expected(number, admissions.get(number), times, came_at, at)
        except Refused as refusal:
            refused.append(refusal)
    timely = next((refusal for refusal in refused if isinstance(refusal, WindowClosed | TooEarly)), None)
    if ids or timely is None:
        return ids, refused
    if isinstance(timely, TooEarly):  # The day of the whole list is wrong, not a number.
        timely.where = "arrived_on"
    raise timely


def _find_admissions(school: Unit, numbers: list[str], *, lock: bool) -> dict[str, Row]:
    """The columns of `_ADMISSIONS` by 报名号; with `lock` the rows are locked and their states read again."""
    params = {"school": school.pk, "numbers": numbers, "order": [*states.EXPECTED, *_NOT_EXPECTED]}
    rows = fetch_all(_ADMISSIONS, params)
    if lock:
        locked = {row.id: row.state for row in fetch_all(_LOCK, ([row.id for row in rows],))}
        rows = [row._replace(state=locked[row.id]) for row in rows]
    return {row.number: row for row in rows}


def _require_expected(number: str, row: Row | None, times: int, came_at: datetime, at: datetime) -> int:
    """The row id of the admission to check in.

    Args:
        times: how often the list contains the number.
    Raises:
        Refused: why this number is not checked in.
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
    if row.state in _NOT_EXPECTED:
        what, why = _NOT_EXPECTED[row.state]
        raise Refused(what, why=why, now="请学生登录平台查看", where=number)
    try:
        check_open("报到", row.opens_at, row.closes_at, at)
    except WindowClosed as closed:
        closed.where = number
        raise
    if came_at.astimezone(SHANGHAI).date() < row.opens_at.astimezone(SHANGHAI).date():
        why = f"报到从{format_instant(row.opens_at)}开始"
        raise TooEarly("报到日期早于报到开始的日期", why=why, now="请核对日期", where=number)
    return int(row.id)


_RELEASE = transition_sql(
    "miss",
    source="due",
    which="a.id = due.id",
    cause=Admission.Cause.SYSTEM,
    at="%(at)s",
    reason=f"'{EndReason.ABSENT.value}'",
    returning="a.id, a.person_id, a.application_id, due.school",
)
_RELEASE_MESSAGES = f"""
SELECT r.person_id, 'check_in.absent' AS event, 'admission:' || r.id AS subject,
       '【阳光招生】您没有在规定时间内到' || r.school || '报到，录取名额已释放。' || later.sentence AS text
FROM released AS r JOIN yangguang_application AS a ON a.id = r.application_id
JOIN {SENTENCES} ON later.origin = a.origin
"""
_RELEASE_AND_TELL = f"""
WITH due AS ({NO_SHOWS}), released AS ({_RELEASE}), queued AS ({enqueue_sql(_RELEASE_MESSAGES)})
SELECT id FROM released ORDER BY id
"""
_QUOTAS = f"SELECT due.quota_id FROM ({NO_SHOWS}) AS due"


@dual_action("check_in.release_absent", Right.CHECK_IN_RELEASE_ABSENT, on="round")
def release_absent(entry: AuditRecord, *, by: Actor, round: Round) -> int:
    """After the check-in window: students who have not come become 未报到 and their seats are free; two officers.

    Only schools within the actor's reach. `queries.admissions.no_shows.count_no_shows` shows the effect beforehand.

    Returns:
        how many admissions were released.
    Raises:
        Refused: the window has not closed yet, or everyone has come.
    """
    _require_absent(by, round, entry.at)
    params = build_params(by, round) | bind_sentences([round], entry.at) | {"at": entry.at}
    seats.lock_quotas(_QUOTAS, params)
    released = [row.id for row in fetch_all(_RELEASE_AND_TELL, params)]
    entry.add_facts(absent=len(released), freed=seats.release_seats(released, Admission.Cause.SYSTEM))
    return len(released)


@release_absent.preflight
def _(at: datetime, *, by: Actor, round: Round) -> None:
    _require_absent(by, round, at)


def _require_absent(by: Actor, round: Round, at: datetime) -> None:
    """Raise Refused before the end of the check-in, and when there is no one to release."""
    opens, closes = get_check_in_span(round)
    if window_status(opens, closes, at) is not WindowStatus.AFTER:
        raise Refused(
            "报到还没有结束，不能释放名额", why=f"本批次报到{format_closing(closes)}", now="请在截止之后再办理"
        )
    if not count_no_shows(by, round):
        raise Refused("没有未报到的学生", why="名额都已报到，或已经释放", now="请刷新页面查看")
