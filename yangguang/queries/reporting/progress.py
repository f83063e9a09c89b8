"""How far a season has come, per area, school, sector and programme_type: one query each. (R9.01, R9.03, F-G6)"""

from dataclasses import dataclass

from yangguang.models import Season, Unit
from yangguang.postgres.sql import fetch_all
from yangguang.queries.reporting.counts import FACTS, SUMS, Stages
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType

# By home every stage is known: the area a student comes from does not change with the admission.
_BY_HOME = f"""
SELECT area.id, CASE WHEN area.level = 'PROVINCE' THEN '外省户籍' ELSE area.name END,
       count(*), count(*) FILTER (WHERE f.chosen), {SUMS}
FROM ({FACTS}) AS f
JOIN yangguang_unit AS h ON h.id = f.home_id
JOIN yangguang_unit AS area ON area.parent_id = %(unit)s AND h.path LIKE area.path || '%%'
    OR area.id = %(unit)s AND h.id = area.id
GROUP BY area.id, area.code, area.name, area.level ORDER BY area.id = %(unit)s, area.code
"""
# By school, sector and programme_type there is nobody before the admission.
_BY_SCHOOL = f"""
SELECT u.id, u.name, {SUMS}
FROM ({FACTS}) AS f JOIN yangguang_unit AS u ON u.id = f.school_id
WHERE u.path LIKE %(path)s
GROUP BY u.id, u.code, u.name ORDER BY u.code
"""
_BY_SECTOR = f"""
SELECT f.sector, {SUMS}
FROM ({FACTS}) AS f JOIN yangguang_unit AS u ON u.id = f.school_id
WHERE u.path LIKE %(path)s GROUP BY 1 ORDER BY 1
"""
_BY_PATTERN = f"""
SELECT f.programme_type, {SUMS}
FROM ({FACTS}) AS f JOIN yangguang_unit AS u ON u.id = f.school_id
WHERE u.path LIKE %(path)s GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class UnitProgress:
    """One area or school."""

    unit: int
    name: str
    stages: Stages


def by_home(season: Season, parent: Unit) -> list[UnitProgress]:
    """The areas below `parent` by where the students come from, in the order of their codes.

    The last row is `parent` itself, if somebody's home is no area below: of the province, those from another one.
    """
    rows = fetch_all(_BY_HOME, {"season": season.pk, "unit": parent.pk})
    return [UnitProgress(unit, name, Stages(*numbers)) for unit, name, *numbers in rows]


def by_school(season: Season, area: Unit) -> list[UnitProgress]:
    """The schools in `area` (or the one school), from the admission on."""
    rows = fetch_all(_BY_SCHOOL, _asked(season, area))
    return [UnitProgress(unit, name, Stages(None, None, *numbers)) for unit, name, *numbers in rows]


def by_sector(season: Season, area: Unit) -> dict[Sector, Stages]:
    """Both sectors of the schools in `area`, from the admission on."""
    rows = fetch_all(_BY_SECTOR, _asked(season, area))
    return {Sector(sector): Stages(None, None, *numbers) for sector, *numbers in rows}


def by_programme_type(season: Season, area: Unit) -> dict[ProgrammeType, Stages]:
    """The programme_types of the schools in `area`, from the admission on."""
    rows = fetch_all(_BY_PATTERN, _asked(season, area))
    return {ProgrammeType(programme_type): Stages(None, None, *numbers) for programme_type, *numbers in rows}


def _asked(season: Season, area: Unit) -> dict[str, object]:
    return {"season": season.pk, "path": f"{area.path}%"}
