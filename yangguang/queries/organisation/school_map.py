"""How many listed schools each area has: the numbers of the directory's map and table. (F-A1)"""

from dataclasses import dataclass

from yangguang.postgres.sql import fetch_all

JIYUAN = "419001"
"""济源 has a county's code, but a tile like the seventeen cities; all other areas are in the table only."""
# An area reports to the province: a city, or a county, or the province itself with its own schools.
_AREAS = """
SELECT area.code, CASE WHEN area.level = 'PROVINCE' THEN '省属学校' ELSE area.name END AS name,
       area.level = 'CITY' OR area.region_code = %(jiyuan)s AS is_tile, area.level = 'PROVINCE' AS is_province,
       count(u.id) AS schools
FROM yangguang_unit AS area
LEFT JOIN (
    SELECT u.id, coalesce(nullif(split_part(u.path, '/', 2), '')::bigint, 0) AS second, u.parent_id
    FROM yangguang_unit AS u
    JOIN yangguang_qualification AS q ON q.unit_id = u.id AND q.year = %(year)s AND q.published_at IS NOT NULL
    WHERE u.level = 'SCHOOL'
) AS u ON area.id = CASE WHEN u.second = u.id THEN u.parent_id ELSE u.second END
WHERE area.level IN ('CITY', 'COUNTY', 'PROVINCE')
  AND (area.parent_id IS NULL OR area.parent_id = (SELECT id FROM yangguang_unit WHERE level = 'PROVINCE' LIMIT 1))
GROUP BY area.id ORDER BY area.code
"""


@dataclass(frozen=True, slots=True)
class Area:
    """One area with the number of its schools in the year's list."""

    code: str
    name: str
    is_tile: bool
    is_province: bool
    schools: int


def areas(year: int) -> list[Area]:
    """Every area that reports to the province, in the order of the codes; one query."""
    return [Area(**row._asdict()) for row in fetch_all(_AREAS, {"year": year, "jiyuan": JIYUAN})]
