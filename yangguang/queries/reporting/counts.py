"""Counts from persons: stages, and programme_type × sector × area × month; forms are computed from these.
(R9.01, R9.03)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yangguang.models import Season, Unit
from yangguang.postgres.sql import fetch_all
from yangguang.queries.applicants.duplicates import QUARANTINED
from yangguang.rules.admissions import admission_states
from yangguang.rules.applicants.origins import StudyForm
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.records import record_states

Cell = tuple[Sector, ProgrammeType, StudyForm, int]
"""Persons of one sector, programme_type and study form: what `rules.reporting.targets.Scope.total` adds up."""

# 报到 as it stood at an instant: came before it, and had not left by then. A person under a duplicate check is
# not counted as complete; when the case is settled, the sealed months get a correction sector.
CAME = f"""
a.checked_in_at < m.at AND a.person_id NOT IN ({QUARANTINED})
AND (a.state = 'CHECKED_IN' OR (a.state = 'RELEASED' AND a.ended_at >= m.at))
"""
_FROM = """
FROM unnest(%(instants)s::timestamptz[]) WITH ORDINALITY AS m(at, nth)
JOIN yangguang_admission AS a ON a.checked_in_at IS NOT NULL
JOIN yangguang_application AS p ON p.id = a.application_id
JOIN yangguang_season AS s ON s.id = p.season_id AND s.year = %(year)s
JOIN yangguang_unit AS u ON u.id = a.school_id
JOIN yangguang_unit AS h ON h.id = p.home_id
JOIN yangguang_programme AS l ON l.id = a.programme_id
"""
_CELLS = f"""
SELECT m.nth, u.sector, l.programme_type, l.study_form, count(*) {_FROM}
WHERE {CAME} AND (CASE WHEN %(by_home)s THEN h.path ELSE u.path END) LIKE %(path)s
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""
_AREAS = f"""
SELECT area.id, area.name, m.nth, u.sector, l.programme_type, count(*) {_FROM}
JOIN yangguang_unit AS area ON area.parent_id = %(unit)s
    AND (CASE WHEN %(by_home)s THEN h.path ELSE u.path END) LIKE area.path || '%%'
WHERE {CAME}
GROUP BY area.id, area.code, area.name, 3, 4, 5 ORDER BY area.code, 3, 4, 5
"""


def cells(unit: Unit, year: int, instants: Sequence[datetime], *, by_home: bool = False) -> list[list[Cell]]:
    """Persons checked in by sector × programme_type × study form, at each instant; one query for all of them.

    Args:
        unit: an area or a school.
        year: intake year, spring and autumn together.
        by_home: count by the student's home instead of the school's place.
    """
    found: list[list[Cell]] = [[] for _ in instants]
    asked = {"instants": list(instants), "year": year, "by_home": by_home, "path": f"{unit.path}%"}
    for nth, sector, programme_type, form, persons in fetch_all(_CELLS, asked):
        found[nth - 1].append((Sector(sector), ProgrammeType(programme_type), StudyForm(form), persons))
    return found


@dataclass(frozen=True, slots=True)
class AreaCount:
    """Persons checked in in one area (or school) up to the nth instant, counted from 0."""

    area: int
    name: str
    nth: int
    sector: Sector
    programme_type: ProgrammeType
    persons: int


def by_area(
    parent: Unit, year: int, instants: Sequence[datetime], *, by_home: bool = False
) -> list[AreaCount]:
    """ProgrammeType × sector × area × month below `parent`, in the order of the areas' codes; one query."""
    asked = {"instants": list(instants), "year": year, "by_home": by_home, "unit": parent.pk}
    return [
        AreaCount(area, name, nth - 1, Sector(sector), ProgrammeType(programme_type), persons)
        for area, name, nth, sector, programme_type, persons in fetch_all(_AREAS, asked)
    ]


@dataclass(frozen=True, slots=True)
class Stages:
    """How far persons have come; each number is part of the one before. None where a group has no such number."""

    registered: int | None
    chosen: int | None
    admitted: int
    answered: int
    checked_in: int
    recorded: int
    confirmed: int

    @property
    def are_nested(self) -> bool:
        row = [self.registered, self.chosen, self.admitted, self.checked_in, self.recorded, self.confirmed]
        known = [n for n in row if n is not None]
        return known == sorted(known, reverse=True)


# One row per application, with its one admission that counts: a declined, lapsed or released one does not.
FACTS = f"""
SELECT p.id, p.home_id, a.school_id, u.sector, l.programme_type,
       (p.choices_version > 0 OR a.id IS NOT NULL) AS chosen, a.id IS NOT NULL AS admitted,
       coalesce(a.answered_at IS NOT NULL OR a.state = 'CHECKED_IN', false) AS answered,
       coalesce(a.state = 'CHECKED_IN', false) AS checked_in,
       coalesce(a.state = 'CHECKED_IN' AND r.id IS NOT NULL, false) AS recorded,
       coalesce(a.state = 'CHECKED_IN' AND r.state IN {render_states(record_states.CONFIRMED_OR_LATER)}, false)
           AS confirmed
FROM yangguang_application AS p
LEFT JOIN LATERAL (
    SELECT d.* FROM yangguang_admission AS d
    WHERE d.application_id = p.id AND d.state IN {render_states((*admission_states.LIVE, admission_states.ABSENT))}
    ORDER BY d.state = 'ABSENT', d.published_at DESC, d.round_id DESC LIMIT 1
) AS a ON true
LEFT JOIN yangguang_unit AS u ON u.id = a.school_id
LEFT JOIN yangguang_programme AS l ON l.id = a.programme_id
LEFT JOIN yangguang_studentrecord AS r ON r.admission_id = a.id AND r.state <> 'CANCELLED'
WHERE p.season_id = %(season)s AND (p.state <> 'WITHDRAWN' OR a.id IS NOT NULL)
"""
SUMS = """
count(*) FILTER (WHERE f.admitted), count(*) FILTER (WHERE f.answered), count(*) FILTER (WHERE f.checked_in),
count(*) FILTER (WHERE f.recorded), count(*) FILTER (WHERE f.confirmed)
"""
_STAGES = f"SELECT count(*), count(*) FILTER (WHERE f.chosen), {SUMS} FROM ({FACTS}) AS f"


def stages(season: Season) -> Stages:
    """The whole season in one query."""
    return Stages(*fetch_all(_STAGES, {"season": season.pk})[0])
