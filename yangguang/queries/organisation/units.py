"""The school directory: searched by name, pinyin, initials, city or kind, with the sanctions against each school.
(S23-2.09, X2.06, F-A1, F-A5)
"""

from dataclasses import dataclass, fields
from datetime import datetime

from yangguang.models import Season, Unit
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.queries.base.paging import NUMERIC, Page, fetch_page, text_params
from yangguang.queries.plans.seat_counts import OPEN_FREE, OPEN_SEATS
from yangguang.queries.supervision.sanctions import effects_in_force
from yangguang.rules.base.folding import fold_label
from yangguang.rules.base.refusals import NotFound, Refused
from yangguang.rules.organisation.unit_names import find_nearest
from yangguang.rules.supervision.sanctions import NONE, Measure

BUREAUS = (Unit.Level.PROVINCE, Unit.Level.CITY, Unit.Level.COUNTY)
ALL_LEVELS = (*BUREAUS, Unit.Level.SCHOOL)
# Where a school lies: its city, or the county that reports to the province itself, or the province.
AREAS = """
JOIN yangguang_unit a ON a.id = u.parent_id
LEFT JOIN yangguang_unit b ON b.id = a.parent_id
"""
CITY = "CASE WHEN a.level = 'COUNTY' AND b.level = 'CITY' THEN b.name ELSE a.name END"
COUNTY = "CASE WHEN a.level = 'COUNTY' THEN a.name ELSE '' END"
_TOTALS = f"""
LEFT JOIN LATERAL (
    SELECT {OPEN_SEATS} AS seats, {OPEN_FREE} AS left,
           count(DISTINCT l.id)::int AS programmes
    FROM yangguang_plan p JOIN yangguang_programme l ON l.plan_id = p.id
    JOIN yangguang_quota k ON k.programme_id = l.id
    WHERE p.school_id = u.id AND p.season_id = %(season)s AND p.state = 'PUBLISHED'
) AS t ON true
"""
MATCHES = """
(%(like)s = '' OR u.name ILIKE %(like)s
 OR (%(spelled)s <> '' AND (u.pinyin LIKE %(spelled)s OR u.initials LIKE %(spelled)s)))
"""
"""Whether the name, pinyin or initials of the school u match the typed text (`text_params`)."""
IN_AREA = "(%(area)s = '' OR u.path LIKE (SELECT path FROM yangguang_unit WHERE code = %(area)s) || '%%')"
_WHERE = f"""
u.level = 'SCHOOL' AND {MATCHES} AND {IN_AREA}
AND (%(kind)s = '' OR u.kind = %(kind)s) AND (%(sector)s = '' OR u.sector = %(sector)s)
AND (%(school)s::uuid IS NULL OR u.public_id = %(school)s::uuid)
"""
# The sort value of each order; numbers are negated where the largest comes first.
SORTS = {"name": "u.pinyin", "city": f"{CITY} || u.pinyin", "seats": "-t.seats", "left": "-t.left"}


@dataclass(frozen=True, slots=True)
class SchoolFilter:
    """The filters of the directory; "" means no filter.

    Args:
        area: code of a city or county. kind: as stored. sector: "education" | "labour".
    """

    text: str = ""
    area: str = ""
    kind: str = ""
    sector: str = ""
    sort: str = "name"


@dataclass(frozen=True, slots=True)
class SchoolCard:
    """One school in the directory; `seats` and `left` are of its published programmes, without dedicated classes."""

    id: int
    public_id: str
    code: str
    name: str
    kind: str
    sector: str
    owner: str
    city: str
    county: str
    is_demo: bool
    is_new: bool
    basis: str
    listed_at: datetime
    seats: int
    left: int
    programmes: int
    labels: tuple[tuple[Measure, str], ...] = ()


_STORED_FIELDS = [field.name for field in fields(SchoolCard) if field.name != "labels"]


def schools(
    filters: SchoolFilter, *, season: Season, at: datetime, after: str = "", size: int = 20
) -> Page[SchoolCard]:
    """One page of the schools in the published list of the season's year; two queries whatever its size."""
    return _fetch_page(filters, season, at, after=after, size=size)


def school(public_id: str, *, season: Season, at: datetime) -> SchoolCard:
    """One school of the list.

    Raises:
        NotFound: it is not in the list of the season's year.
    """
    cards = _fetch_page(SchoolFilter(), season, at, size=1, school=public_id).rows
    if not cards:
        raise NotFound("没有找到这所学校", why=f"它不在{season.year}年招生学校名录中", now="请从学校名录重新进入")
    return cards[0]


def _fetch_page(
    filters: SchoolFilter, season: Season, at: datetime, *, size: int, after: str = "", school: str | None = None
) -> Page[SchoolCard]:
    sort = filters.sort if filters.sort in SORTS else "name"
    # Totals are counted for the rows of the page only, unless they decide which rows these are.
    early, late = (_TOTALS, "") if sort in NUMERIC else ("", _TOTALS)
    codes = {name: getattr(filters, name).replace("\x00", "") for name in ("area", "kind", "sector")}
    rows, following = fetch_page(
        f"""
        WITH page AS MATERIALIZED (
            SELECT {"t.*, " if early else ""} u.id, u.public_id::text, u.code, u.name, u.kind, u.sector, u.owner,
                   {CITY} AS city, {COUNTY} AS county, u.is_demo, u.is_new, q.basis, q.published_at AS listed_at,
                   {SORTS[sort]} AS sort_value
            FROM yangguang_unit u
            JOIN yangguang_qualification q ON q.unit_id = u.id AND q.year = %(year)s AND q.published_at <= %(at)s
            {AREAS} {early}
            WHERE {_WHERE} AND {{beyond}} ORDER BY sort_value, u.code LIMIT %(limit)s
        )
        SELECT u.*{", t.*" if late else ""} FROM page u {late} ORDER BY u.sort_value, u.code
        """,
        {"season": season.pk, "year": season.year, "at": at, "school": school} | codes | text_params(filters.text),
        order=(SORTS[sort], "u.code"),
        sort=sort,
        after=after,
        size=size,
    )
    effects = effects_in_force(at, [row.id for row in rows])
    cards = [
        SchoolCard(**{name: getattr(row, name) for name in _STORED_FIELDS}, labels=effects.get(row.id, NONE).labels)
        for row in rows
    ]
    return Page(cards, following)


_AREAS_WITH_SCHOOLS = f"""
SELECT DISTINCT CASE WHEN a.level = 'COUNTY' AND b.level = 'CITY' THEN b.code ELSE a.code END AS code, {CITY} AS name
FROM yangguang_unit u {AREAS} WHERE u.level = 'SCHOOL' ORDER BY code
"""


def areas_with_schools() -> list[tuple[str, str]]:
    """(code, name) of every city, or county reporting to the province, that has a school: choices of a filter."""
    return [(row.code, row.name) for row in fetch_all(_AREAS_WITH_SCHOOLS)]


def find_unit(name: str, *levels: Unit.Level) -> Unit:
    """The unit of this name on one of these levels; width, blanks and invisible marks make no difference.

    Raises:
        Refused: there is none (the sentence suggests the nearest), or there are several.
    """
    units = Unit.objects.filter(level__in=levels)
    wanted = fold_label(name)
    matches = [pk for pk, stored in units.values_list("pk", "name") if fold_label(stored) == wanted]
    if len(matches) == 1:
        return units.get(pk=matches[0])
    what = f"名为“{name}”的单位不止一个"
    if not matches:
        near = find_nearest(name.strip(), dict(units.values_list("name", "pinyin")))
        what = f"没有名为“{name}”的单位" + (f"，最接近的是“{near}”" if near else "")
    raise Refused(what, now="请核对单位名称，须与名录一致", where="unit")


def area_names(unit: Unit) -> list[str]:
    """The names of the areas a unit lies in, the smallest first, itself included when it is one; one query."""
    row = fetch_one("SELECT area_names(%s) AS areas", (unit.path,))
    assert row is not None
    return row.areas or []
