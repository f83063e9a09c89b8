"""The progress of a season, by area, school, sector and programme type: one query each. (R9.01, R9.03, F-G6)"""

from dataclasses import dataclass

from yangguang.models import Season, Unit
from yangguang.postgres.sql import fetch_all
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
    """Persons of one group who have done each of `STEPS`; each number includes the next.

    Args:
        unit: row id of an area or school; None for a sector or programme type.
        registered, chosen: None where persons are counted by school, which has them from the admission on.
    """

    unit: int | None
    name: str
    registered: int | None
    chosen: int | None
    admitted: int
    answered: int
    checked_in: int
    recorded: int
    confirmed: int


# One row for each application, with its current admission: not a declined, lapsed or withdrawn one.
_STEPS_DONE = f"""
SELECT p.home_id, a.school_id, u.sector, l.programme_type, true AS registered,
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
_COUNTS = {step: f"count(*) FILTER (WHERE f.{step}) AS {step}" for step in STEPS}
_OF_HOMES = f"""
{", ".join(_COUNTS.values())} FROM ({_STEPS_DONE}) AS f JOIN yangguang_unit AS h ON h.id = f.home_id
"""
_OF_SCHOOLS = f"""
{", ".join((_COUNTS | {"registered": "NULL AS registered", "chosen": "NULL AS chosen"}).values())}
FROM ({_STEPS_DONE}) AS f JOIN yangguang_unit AS u ON u.id = f.school_id WHERE u.path LIKE %(path)s
"""
_TOTAL = "SELECT %(unit)s::bigint AS unit, %(name)s AS name,"
_GROUPS = {
    "home": f"""
        SELECT area.id AS unit, CASE WHEN area.level = 'PROVINCE' THEN '外省户籍' ELSE area.name END AS name,
               {_OF_HOMES}
        JOIN yangguang_unit AS area ON area.parent_id = %(unit)s AND h.path LIKE area.path || '%%'
            OR area.id = %(unit)s AND h.id = area.id
        GROUP BY area.id ORDER BY area.id = %(unit)s, area.code
    """,
    "school": f"SELECT u.id AS unit, u.name, {_OF_SCHOOLS} GROUP BY u.id ORDER BY u.code",
    "programme_type": f"""
        SELECT NULL AS unit, coalesce(f.sector, f.programme_type) AS name, {_OF_SCHOOLS}
        GROUP BY GROUPING SETS (f.sector, f.programme_type) ORDER BY f.sector, f.programme_type
    """,
}
_LABELS = dict(Sector.choices() + ProgrammeType.choices())


def count_total(season: Season, unit: Unit, grouping: str = "home") -> Progress:
    """All students whose home is in `unit`; in the other groupings, those admitted by its schools."""
    query = f"{_TOTAL} {_OF_HOMES} WHERE h.path LIKE %(path)s" if grouping == "home" else f"{_TOTAL} {_OF_SCHOOLS}"
    return _fetch(query, season, unit)[0]


def count_groups(season: Season, unit: Unit, grouping: str) -> list[Progress]:
    """The students of `unit` by group, areas and schools in the order of their codes.

    Args:
        grouping: "home", the areas below `unit` by the homes of the students, the last row being `unit` itself, for
            those whose home is in no area below (from another province); "school", the schools in `unit`;
            "programme_type", both sectors of these schools, then their programme types.
    """
    return _fetch(_GROUPS[grouping], season, unit)


def _fetch(query: str, season: Season, unit: Unit) -> list[Progress]:
    params = {"season": season.pk, "unit": unit.pk, "name": unit.name, "path": f"{unit.path}%"}
    rows = fetch_all(query, params)
    return [Progress(**row._asdict() | {"name": _LABELS.get(row.name, row.name)}) for row in rows]
