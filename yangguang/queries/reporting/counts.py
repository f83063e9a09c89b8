"""Every count of persons of a season, defined once: what each step is in SQL, and by what it may be grouped.

A page of persons (`progress_persons.list_members`) and a number (`progress`) read the same rows, so that a number and
the list behind it cannot differ. (R9.01, R9.02, F-G6, X2.03)
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import EmptyResultSet

from yangguang.models import Admission, Application, Season, Unit
from yangguang.queries.applicants.duplicates import QUARANTINED
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions import admission_states
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.records import record_states
from yangguang.rules.reporting.steps import CountKey, Step

NOT_QUARANTINED = f"NOT a.person_id IN ({QUARANTINED})"
"""Whether a checked-in person of the admission a counts in forms, targets and rates: not in an open duplicate case."""
_CURRENT = render_states((*admission_states.LIVE, admission_states.ABSENT))
_CONFIRMED = render_states(record_states.CONFIRMED_OR_LATER)


def _facts(condition: str = "true") -> str:
    """One row for each application of a season with its current admission: a live one, else the newest absence.

    A declined, lapsed or withdrawn admission counts for nothing. The one parameter is the row id of the season.
    """
    return f"""
        SELECT p.id AS application, p.home_id, a.id AS admission, a.school_id, l.programme_type, true AS registered,
               p.choices_version > 0 OR a.id IS NOT NULL AS chosen,
               a.id IS NOT NULL AS admitted,
               coalesce(a.answered_at IS NOT NULL OR a.state = 'CHECKED_IN', false) AS answered,
               coalesce(a.state = 'CHECKED_IN', false) AS checked_in,
               coalesce(a.state = 'CHECKED_IN' AND {NOT_QUARANTINED}, false) AS counted,
               coalesce(a.state = 'CHECKED_IN' AND r.id IS NOT NULL, false) AS recorded,
               coalesce(a.state = 'CHECKED_IN' AND r.state IN {_CONFIRMED}, false) AS confirmed
        FROM yangguang_application AS p
        LEFT JOIN LATERAL (
            SELECT d.* FROM yangguang_admission AS d WHERE d.application_id = p.id AND d.state IN {_CURRENT}
            ORDER BY d.state = 'ABSENT', d.published_at DESC, d.round_id DESC LIMIT 1
        ) AS a ON true
        LEFT JOIN yangguang_programme AS l ON l.id = a.programme_id
        LEFT JOIN yangguang_studentrecord AS r ON r.admission_id = a.id AND r.state <> 'CANCELLED'
        WHERE {condition} AND p.season_id = %s AND (p.state <> 'WITHDRAWN' OR a.id IS NOT NULL)
    """


@dataclass(frozen=True, slots=True)
class Population:
    """Whom a number counts, but for its step.

    Args:
        unit: an area or a school.
        at_school: whether the persons are those admitted by the schools of `unit`, or those whose home it is.
        sector, programme_type: of the school and of the programme; "" for all, and only where `at_school`.
    """

    season: Season
    unit: Unit
    at_school: bool = False
    sector: str = ""
    programme_type: str = ""

    def key(self, step: Step) -> CountKey:
        """The key of the number of this step."""
        return CountKey(
            f"{self.season.year}-{self.season.term}",
            step,
            "school" if self.at_school else "home",
            self.unit.code,
            self.programme_type,
            self.sector,
        )

    def of(self, **changes: str | Unit | bool) -> "Population":
        """This population with another unit, sector or programme type."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Members:
    """SQL of the persons of a population: a FROM clause, conditions, and the parameters of each.

    The rows are f (the columns of `_facts` and `is_readable`), h (the home) and u (the school, if any).
    """

    source: str
    source_params: Sequence[object]
    condition: str
    condition_params: Sequence[object]


def select_members(of: Population, by: Actor, condition: str = "true") -> Members:
    """The rows of a population.

    Args:
        by: whose reach `is_readable` is about.
        condition: on the application p.
    """
    readable, params = _readable(of, by)
    place = "u" if of.at_school else "h"
    # The fence keeps the planner from asking for the reach once for each number.
    source = f"""
        (SELECT x.*, {readable} AS is_readable FROM ({_facts(condition)}) AS x OFFSET 0) AS f
        JOIN yangguang_unit AS h ON h.id = f.home_id LEFT JOIN yangguang_unit AS u ON u.id = f.school_id
    """
    conditions, values = [f"{place}.path LIKE %s"], [f"{of.unit.path}%"]
    for column, value in (("u.sector", of.sector), ("f.programme_type", of.programme_type)):
        if value:
            conditions.append(f"{column} = %s")
            values.append(value)
    return Members(source, [*params, of.season.pk], " AND ".join(conditions), values)


def _readable(of: Population, by: Actor) -> tuple[str, list[object]]:
    """Whether the actor may read the person, as SQL over a row x of `_facts`."""
    column, rows = ("admission", Admission.objects) if of.at_school else ("application", Application.objects)
    try:
        scope, params = rows.for_actor(by, Right.APPLICATION_READ).values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "false", []
    return f"coalesce(x.{column} IN ({scope}), false)", list(params)
