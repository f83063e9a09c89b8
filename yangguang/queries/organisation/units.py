"""The school directory: found by name, pinyin, initials, city or kind, with the measures against each.
(S23-2.09, X2.06, F-A1, F-A5)
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from yangguang.models import Season, Unit
from yangguang.postgres.sql import fetch_all
from yangguang.queries.base.paging import LARGEST, Key, Page, like, plain_query, read_key, spelled
from yangguang.queries.supervision.admission_limits import FREE_TO_ALL
from yangguang.queries.supervision.sanctions import effects_in_force
from yangguang.rules.base.refusals import NotFound, Refused
from yangguang.rules.organisation.unit_names import nearest
from yangguang.rules.supervision.sanctions import Measure

# Where a school lies: its city, or the county that reports to the province itself, or the province.
AREAS = """
JOIN yangguang_unit a ON a.id = u.parent_id
LEFT JOIN yangguang_unit b ON b.id = a.parent_id
"""
CITY = "CASE WHEN a.level = 'COUNTY' AND b.level = 'CITY' THEN b.name ELSE a.name END"
COUNTY = "CASE WHEN a.level = 'COUNTY' THEN a.name ELSE '' END"
_TOTALS = f"""
LEFT JOIN LATERAL (
    SELECT coalesce(sum(k.seats), 0)::int AS seats, {FREE_TO_ALL} AS free,
           count(DISTINCT l.id)::int AS programmes
    FROM yangguang_plan p JOIN yangguang_programme l ON l.plan_id = p.id
    JOIN yangguang_quota k ON k.programme_id = l.id
    WHERE p.school_id = u.id AND p.season_id = %(season)s AND p.state = 'PUBLISHED'
) AS t ON true
"""
_WHERE = """
u.level = 'SCHOOL'
AND (%(like)s = '' OR u.name ILIKE %(like)s
     OR (%(spelled)s <> '' AND (u.pinyin LIKE %(spelled)s OR u.initials LIKE %(spelled)s)))
AND (%(area)s = '' OR u.path LIKE (SELECT path FROM yangguang_unit WHERE code = %(area)s) || '%%')
AND (%(kind)s = '' OR u.kind = %(kind)s) AND (%(sector)s = '' OR u.sector = %(sector)s)
AND (%(owner)s = '' OR u.owner = %(owner)s) AND (%(school)s::uuid IS NULL OR u.public_id = %(school)s::uuid)
"""
# The sort value of each order; numbers are negated where the largest comes first.
SORTS = {"name": "u.pinyin", "city": f"{CITY} || u.pinyin", "seats": "-t.seats", "left": "-t.free"}
_NUMERIC = frozenset({"seats", "left"})


@dataclass(frozen=True, slots=True)
class SchoolFilter:
    """What the directory is asked for; "" leaves a filter out.

    Args:
        area: code of a city or county. kind, owner: as stored. sector: "education" | "labour".
    """

    text: str = ""
    area: str = ""
    kind: str = ""
    sector: str = ""
    owner: str = ""
    sort: str = "name"


@dataclass(frozen=True, slots=True)
class SchoolCard:
    """One school in the directory; `seats` and `left` count persons over its published programmes."""

    pk: int
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


def schools(
    asked: SchoolFilter, *, season: Season, at: datetime, after: str = "", size: int = 20
) -> Page[SchoolCard]:
    """One page of the schools in the published list of the season's year; two queries whatever its size."""
    return _page(asked, season, at, after, size, None)


def school(public_id: str, *, season: Season, at: datetime) -> SchoolCard:
    """One school of the list.

    Raises:
        NotFound: it is not in the list of the season's year.
    """
    found = _page(SchoolFilter(), season, at, "", 1, public_id).rows
    if not found:
        raise NotFound(
            "没有找到这所学校", why=f"它不在{season.year}年招生学校名录中", now="请从学校名录重新进入"
        )
    return found[0]


def _page(
    asked: SchoolFilter, season: Season, at: datetime, after: str, size: int, only: str | None
) -> Page[SchoolCard]:
    sort = asked.sort if asked.sort in SORTS else "name"
    numeric, size = sort in _NUMERIC, max(1, min(size, LARGEST))
    key = read_key(after, sort, numeric)
    text = plain_query(asked.text)
    parameters: dict[str, Any] = {
        "like": like(text) if text else "", "spelled": spelled(text), "area": asked.area.replace("\x00", ""),
        "kind": asked.kind.replace("\x00", ""), "sector": asked.sector.replace("\x00", ""),
        "owner": asked.owner.replace("\x00", ""), "school": only, "season": season.pk, "year": season.year,
        "at": at, "value": key.value if key else None, "code": key.code if key else "", "limit": size + 1,
    }  # fmt: skip
    # Totals are counted for the rows of the page only, unless they decide which rows these are.
    early, late = (_TOTALS, "") if numeric else ("", _TOTALS)
    picked = "t.seats, t.free, t.programmes, " if numeric else ""
    beyond = (
        f"AND ({SORTS[sort]}, u.code) > (%(value)s::{'int' if numeric else 'text'}, %(code)s)" if key else ""
    )
    found = fetch_all(
        f"""
        WITH page AS MATERIALIZED (
            SELECT {picked} u.id, u.public_id, u.code, u.name, u.kind, u.sector, u.owner, {CITY} AS city,
                   {COUNTY} AS county, u.is_demo, u.is_new, q.basis, q.published_at, {SORTS[sort]} AS value
            FROM yangguang_unit u
            JOIN yangguang_qualification q ON q.unit_id = u.id AND q.year = %(year)s AND q.published_at <= %(at)s
            {AREAS} {early}
            WHERE {_WHERE} {beyond} ORDER BY value, u.code LIMIT %(limit)s
        )
        SELECT u.id, u.public_id, u.code, u.name, u.kind, u.sector, u.owner, u.city, u.county, u.is_demo, u.is_new,
               u.basis, u.published_at, {"u" if numeric else "t"}.seats, {"u" if numeric else "t"}.free,
               {"u" if numeric else "t"}.programmes, u.value
        FROM page u {late} ORDER BY u.value, u.code
        """,
        parameters,
    )
    cards = [SchoolCard(row[0], str(row[1]), *row[2:16]) for row in found[:size]]
    labels = effects_in_force(at, [card.pk for card in cards])
    marked = [replace(card, labels=labels[card.pk].labels) if card.pk in labels else card for card in cards]
    last = found[size - 1] if len(found) > size else None
    return Page(marked, str(Key(sort, last[16], last[2])) if last else "")


def areas_with_schools() -> list[tuple[str, str]]:
    """(code, name) of every city, or county reporting to the province, that has a school: the filter's choices."""
    return [
        (code, name)
        for code, name in fetch_all(
            f"""
            SELECT DISTINCT code, name FROM (
                SELECT CASE WHEN a.level = 'COUNTY' AND b.level = 'CITY' THEN b.code ELSE a.code END AS code,
                       {CITY} AS name
                FROM yangguang_unit u {AREAS} WHERE u.level = 'SCHOOL') AS areas
            ORDER BY code
            """
        )
    ]


def kinds() -> list[str]:
    """The kinds of school there are, for the filter's choices."""
    return [
        kind
        for (kind,) in fetch_all("SELECT DISTINCT kind FROM yangguang_unit WHERE level = 'SCHOOL' ORDER BY 1")
    ]


def bureau_named(name: str) -> Unit:
    """The province, city or county of this name.

    Raises:
        Refused: there is none (naming the nearest), or there are several.
    """
    bureaus = Unit.objects.filter(level__in=("PROVINCE", "CITY", "COUNTY"))
    found = list(bureaus.filter(name=name.strip().replace("\x00", ""))[:2])
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused(f"名为“{name}”的单位不止一个", now="请改用上级单位的任务分解表")
    near = nearest(name.strip(), dict(bureaus.values_list("name", "pinyin")))
    raise Refused(f"没有名为“{name}”的单位" + (f"，最接近的是“{near}”" if near else ""), now="请核对单位名称")
