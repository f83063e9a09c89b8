"""The progress of a season, by area, school, sector and programme type: one query each. (R9.01, R9.03, F-G6)"""

from dataclasses import dataclass

from yangguang.models import Season, Unit
from yangguang.postgres.sql import Row, fetch_all, fetch_one
from yangguang.rules.admissions import admission_states
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.records import record_states

STEPS = {
    "registered": "报名",
    "chosen": "填报志愿",
    "admitted": "录取",
    "answered": "应答",
    "checked_in": "报到",
    "recorded": "省级学籍",
    "confirmed": "本人确认",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """Persons who have done each of `STEPS`; each number includes the next. None where a group has no such number."""

    registered: int | None
    chosen: int | None
    admitted: int
    answered: int
    checked_in: int
    recorded: int
    confirmed: int


@dataclass(frozen=True, slots=True)
class UnitProgress:
    """The progress of one area or school."""

    unit: int
    name: str
    progress: Progress


# One row for each application, with its current admission: not a declined, lapsed or withdrawn one.
_STEPS_DONE = f"""
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
_COUNTS = ", ".join(f"count(*) FILTER (WHERE f.{step}) AS {step}" for step in STEPS if step != "registered")
# An area has persons from the registration on.
_OF_HOMES = f"""
count(*) AS registered, {_COUNTS} FROM ({_STEPS_DONE}) AS f JOIN yangguang_unit AS h ON h.id = f.home_id
"""
# A school has persons from the admission on.
_OF_SCHOOLS = f"""
NULL AS registered, {_COUNTS} FROM ({_STEPS_DONE}) AS f JOIN yangguang_unit AS u ON u.id = f.school_id
WHERE u.path LIKE %(path)s
"""
_BY_HOME = f"""
SELECT area.id AS unit, CASE WHEN area.level = 'PROVINCE' THEN '外省户籍' ELSE area.name END AS name, {_OF_HOMES}
JOIN yangguang_unit AS area ON area.parent_id = %(unit)s AND h.path LIKE area.path || '%%'
    OR area.id = %(unit)s AND h.id = area.id
GROUP BY area.id, area.code, area.name, area.level ORDER BY area.id = %(unit)s, area.code
"""
_BY_SCHOOL = f"SELECT u.id AS unit, u.name, {_OF_SCHOOLS} GROUP BY u.id, u.code, u.name ORDER BY u.code"
_BY_SECTOR = f"SELECT f.sector AS code, {_OF_SCHOOLS} GROUP BY 1 ORDER BY 1"
_BY_PROGRAMME_TYPE = f"SELECT f.programme_type AS code, {_OF_SCHOOLS} GROUP BY 1 ORDER BY 1"


def count_of_homes(season: Season, unit: Unit) -> Progress:
    """All students whose home is in `unit`."""
    return _count_all(f"SELECT {_OF_HOMES} WHERE h.path LIKE %(path)s", season, unit)


def count_of_schools(season: Season, unit: Unit) -> Progress:
    """All students admitted by the schools in `unit`, from the admission on."""
    return _count_all(f"SELECT {_OF_SCHOOLS}", season, unit)


def count_by_home(season: Season, parent: Unit) -> list[UnitProgress]:
    """The areas below `parent` by the homes of the students, in the order of their codes.

    The last row is `parent` itself, for students whose home is in no area below: those from another province.
    """
    rows = fetch_all(_BY_HOME, {"season": season.pk, "unit": parent.pk})
    return [UnitProgress(row.unit, row.name, _read_progress(row)) for row in rows]


def count_by_school(season: Season, area: Unit) -> list[UnitProgress]:
    """The schools in `area` (or the one school), from the admission on."""
    rows = fetch_all(_BY_SCHOOL, _params(season, area))
    return [UnitProgress(row.unit, row.name, _read_progress(row)) for row in rows]


def count_by_sector(season: Season, area: Unit) -> dict[Sector, Progress]:
    """Both sectors of the schools in `area`, from the admission on."""
    return {Sector(row.code): _read_progress(row) for row in fetch_all(_BY_SECTOR, _params(season, area))}


def count_by_programme_type(season: Season, area: Unit) -> dict[ProgrammeType, Progress]:
    """The programme types of the schools in `area`, from the admission on."""
    rows = fetch_all(_BY_PROGRAMME_TYPE, _params(season, area))
    return {ProgrammeType(row.code): _read_progress(row) for row in rows}


def _count_all(query: str, season: Season, unit: Unit) -> Progress:
    row = fetch_one(query, _params(season, unit))
    assert row is not None
    return _read_progress(row)


def _read_progress(row: Row) -> Progress:
    """Without a number of registrations there is none of choices."""
    counts = {step: getattr(row, step) for step in STEPS}
    return Progress(**counts | ({"chosen": None} if row.registered is None else {}))


def _params(season: Season, area: Unit) -> dict[str, object]:
    return {"season": season.pk, "path": f"{area.path}%"}
