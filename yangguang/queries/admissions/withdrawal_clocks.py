"""When running withdrawal requests take effect by the working calendar, and which of them another calendar moves.
(R6.05, F-N5)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from yangguang.gateways.ciphers import sm3
from yangguang.models import CalendarDay, Withdrawal
from yangguang.queries.seasons.policy_rules import rule_at, rules_at_instants
from yangguang.rules.admissions.withdrawal_states import RUNNING
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.deadlines import silence_ends
from yangguang.rules.seasons.windows import SHANGHAI, start_of, until
from yangguang.rules.seasons.working_calendar import WorkingCalendar, YearNotLoaded


@dataclass(frozen=True, slots=True)
class WithdrawalDue:
    """When a request takes effect.

    Args:
        at: the instant; None while it is not known, and `unknown` says why.
        earliest: the instant, or the first at which it may lie.
    """

    at: datetime | None
    earliest: datetime
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class ClockMove:
    """A running request whose end another calendar moves."""

    withdrawal: Withdrawal
    due: WithdrawalDue


def read_calendar_days() -> WorkingCalendar:
    """The stored calendar; one query of some dozens of rows a year."""
    return WorkingCalendar(dict(CalendarDay.objects.values_list("day", "rests")))


def name_calendar(year: int) -> str:
    """The version of a year's stored calendar: a digest of its days, "0" where there is none."""
    days = CalendarDay.objects.filter(day__year=year).order_by("day").values_list("day", "rests", "note", "source")
    text = "\n".join(f"{day} {rests} {note} {source}" for day, rests, note, source in days)
    return sm3(text.encode()).hex() if text else "0"


def list_calendar_days() -> list[tuple[int, list[CalendarDay]]]:
    """The stored days by year, the newest year first; one query."""
    days = CalendarDay.objects.order_by("day")
    years = [(year, list(rows)) for year, rows in groupby(days, lambda row: row.day.year)]
    return years[::-1]


def compute_due(requested_at: datetime, calendar: WorkingCalendar | None = None) -> WithdrawalDue:
    """When a withdrawal requested at this instant takes effect.

    Raises:
        Refused: the policy rule is missing.
    """
    days = rule_at(requested_at, policy_keys.WITHDRAWAL_WORKING_DAYS).value
    return _count(requested_at, days, calendar or read_calendar_days())


def list_moves(calendar: WorkingCalendar, at: datetime) -> list[ClockMove]:
    """The running requests whose end differs under `calendar`, the oldest first; two queries.

    An end that the calendar moves or gives is never before the end of today: families read it first.
    """
    running = list(Withdrawal.objects.filter(state__in=RUNNING).order_by("requested_at", "pk"))
    rules = rules_at_instants({row.requested_at for row in running}, policy_keys.WITHDRAWAL_WORKING_DAYS)
    today = until(at.astimezone(SHANGHAI).date())
    moves = []
    for row in running:
        days = rules[row.requested_at].get(policy_keys.WITHDRAWAL_WORKING_DAYS).value
        due = _count(row.requested_at, days, calendar)
        if due.at is not None and due.at != row.due_at:
            due = WithdrawalDue(max(due.at, today), max(due.at, today))
        if due.at != row.due_at:
            moves.append(ClockMove(row, due))
    return moves


def explain_unknown(rows: Iterable[Withdrawal]) -> str:
    """Why the end of some of these requests is not known; "" when all are."""
    waiting = [row for row in rows if row.due_at is None and row.state in RUNNING]
    return compute_due(waiting[0].requested_at).unknown if waiting else ""


def list_missing_years(at: datetime) -> list[int]:
    """The years whose calendar a running request waits for, or which begin within six weeks; two queries."""
    calendar, today = read_calendar_days(), at.astimezone(SHANGHAI).date()
    soon = {today.year} | ({today.year + 1} if today >= date(today.year, 11, 20) else set())
    return sorted(year for year in soon if not calendar.is_loaded(year))


def count_waiting() -> int:
    """Running requests whose end is not known."""
    return Withdrawal.objects.filter(state__in=RUNNING, due_at=None).count()


def _count(requested_at: datetime, days: int, calendar: WorkingCalendar) -> WithdrawalDue:
    try:
        ends = silence_ends(requested_at, days, calendar)
    except YearNotLoaded as missing:
        return WithdrawalDue(None, max(requested_at, start_of(date(missing.year, 1, 1))), str(missing))
    return WithdrawalDue(ends, ends)
