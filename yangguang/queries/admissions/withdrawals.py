"""Releases read: a student's own, a school's open ones, and how many went from where and why. (R6.05, F-N5)"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from yangguang.models import Application, CalendarDay, Season, Unit, Withdrawal
from yangguang.postgres.sql import fetch_all
from yangguang.queries.seasons.policy_rules import rules_at
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions import withdrawal_states
from yangguang.rules.admissions.withdrawal_states import RUNNING
from yangguang.rules.admissions.withdrawals import Why
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.seasons.deadlines import silence_ends

_AHEAD = timedelta(days=120)


def calendar_from(day: date) -> tuple[Container[date], Container[date]]:
    """Holidays and worked weekends of the months after `day`; one query."""
    rows = CalendarDay.objects.filter(day__range=(day, day + _AHEAD)).values_list("day", "rests")
    days = dict(rows)
    return {d for d, rests in days.items() if rests}, {d for d, rests in days.items() if not rests}


def due_at(asked: datetime) -> datetime:
    """When a release asked for at this instant takes effect by itself.

    Raises:
        Refused: the rule row is missing.
    """
    days = rules_at(asked, "withdrawal.school_working_days")["withdrawal.school_working_days", ""].value
    return silence_ends(asked, days, *calendar_from(asked.date()))


def releases_of(application: Application) -> list[Withdrawal]:
    """Every request of one application, oldest first; one query."""
    rows = Withdrawal.objects.filter(admission__application=application)
    return list(rows.select_related("admission__school").order_by("asked_at", "pk"))


def newest_of(admission: int) -> Withdrawal | None:
    """The latest request about an admission, whatever became of it."""
    found: Withdrawal | None = (
        Withdrawal.objects.filter(admission=admission).order_by("-asked_at", "-pk").first()
    )
    return found


def running_at(by: Actor) -> list[Withdrawal]:
    """Requests at the actor's school whose clock runs, the nearest end first; names are masked by the page."""
    rows = Withdrawal.objects.for_actor(by, Right.WITHDRAWAL_COMMENT).filter(state__in=RUNNING)
    rows = rows.select_related(
        "admission__application", "admission__person", "admission__programme", "admission__round"
    )
    return list(rows.order_by("due_at", "pk"))


def ended_at(by: Actor, season: Season) -> list[Withdrawal]:
    """Requests of the season at the actor's school that are over, the newest first."""
    rows = Withdrawal.objects.for_actor(by, Right.WITHDRAWAL_COMMENT).exclude(state__in=RUNNING)
    rows = rows.filter(admission__round__season=season)
    rows = rows.select_related(
        "admission__application", "admission__person", "admission__programme", "admission__round"
    )
    return list(rows.order_by("-ended_at", "-pk")[:200])


@dataclass(frozen=True, slots=True)
class SchoolReleases:
    """How many students asked to leave one school in a season, by reason (persons), and how the requests ended."""

    school: Unit
    asked: int
    released: int
    running: int
    silent: int
    by_reason: tuple[tuple[Why, int], ...]

    @property
    def worst(self) -> int:
        """Those that point at the school: promises, fees, or a choice that was not the student's."""
        return sum(n for why, n in self.by_reason if why in AT_THE_SCHOOL)


AT_THE_SCHOOL = frozenset({Why.NOT_AS_PROMISED, Why.FEES, Why.MISLED})
_COUNTS = f"""
SELECT a.school_id, r.why, count(*), count(*) FILTER (WHERE r.state = 'RELEASED'),
       count(*) FILTER (WHERE r.state IN {render_states(withdrawal_states.RUNNING)}),
       count(*) FILTER (WHERE r.state = 'RELEASED' AND r.commented_at IS NULL)
FROM yangguang_withdrawal AS r
JOIN yangguang_admission AS a ON a.id = r.admission_id
JOIN yangguang_round AS o ON o.id = a.round_id AND o.season_id = %(season)s
JOIN yangguang_unit AS u ON u.id = a.school_id
WHERE u.path LIKE %(path)s AND (%(programme)s::text = '' OR u.sector = %(programme)s::text)
GROUP BY a.school_id, r.why ORDER BY a.school_id, r.why
"""


def counts(by: Actor, season: Season) -> list[SchoolReleases]:
    """The schools in the actor's reach that students asked to leave, those with most reasons at the school first."""
    asked: dict[str, Any] = {"season": season.pk, "path": f"{by.path or '-'}%", "programme": by.sector}
    rows = fetch_all(_COUNTS, asked)
    schools = Unit.objects.in_bulk({row[0] for row in rows})
    found = [
        _of_school(schools[key], [r for r in rows if r[0] == key])
        for key in dict.fromkeys(r[0] for r in rows)
    ]
    return sorted(found, key=lambda one: (-one.worst, -one.asked, one.school.code))


def _of_school(school: Unit, rows: list[tuple[Any, ...]]) -> SchoolReleases:
    asked, released, running, silent = (sum(row[at] for row in rows) for at in (2, 3, 4, 5))
    return SchoolReleases(school, asked, released, running, silent, tuple((Why(r[1]), r[2]) for r in rows))
