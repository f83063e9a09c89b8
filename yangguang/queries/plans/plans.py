"""Published plans: searched, compared, read with the seats left; drafts never appear here. (F-A2, F-A11)"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from yangguang.models import Season
from yangguang.postgres.sql import fetch_all
from yangguang.queries.base.paging import LARGEST, Key, Page, like, plain_query, read_key, spelled
from yangguang.queries.organisation.units import AREAS, CITY
from yangguang.queries.supervision.admission_limits import FREE_TO_ALL
from yangguang.queries.supervision.sanctions import effects_in_force
from yangguang.rules.supervision.sanctions import Measure

_FROM = f"""
FROM yangguang_programme l
JOIN yangguang_plan p ON p.id = l.plan_id AND p.state = 'PUBLISHED'
JOIN yangguang_unit u ON u.id = p.school_id
{AREAS}
"""
_FREE = f"""
LEFT JOIN LATERAL (
    SELECT {FREE_TO_ALL} AS free FROM yangguang_quota k WHERE k.programme_id = l.id
) AS f ON true
"""
_COLUMNS = f"""
l.id, l.public_id, l.code, l.major, l.programme_type, l.study_form, l.years, l.seats, l.fee, l.origins, l.partner,
l.note, l.is_demo, u.id AS school, u.public_id AS school_public_id, u.name AS school_name, u.kind, u.sector,
{CITY} AS city, l.aptitude_test_max
"""
_WHERE = """
p.season_id = %(season)s
AND (%(like)s = '' OR l.major ILIKE %(like)s OR u.name ILIKE %(like)s
     OR (%(spelled)s <> '' AND (u.pinyin LIKE %(spelled)s OR u.initials LIKE %(spelled)s)))
AND (%(area)s = '' OR u.path LIKE (SELECT path FROM yangguang_unit WHERE code = %(area)s) || '%%')
AND (%(programme_type)s = '' OR l.programme_type = %(programme_type)s) AND (%(study_form)s = '' OR l.study_form = %(study_form)s)
AND (%(kind)s = '' OR u.kind = %(kind)s) AND (%(sector)s = '' OR u.sector = %(sector)s)
AND (%(origin)s = '' OR %(origin)s = ANY(l.origins)) AND (%(fee)s::int IS NULL OR l.fee <= %(fee)s::int)
"""
SORTS = {"school": "u.pinyin", "major": "l.major", "fee": "coalesce(l.fee, 999999)", "left": "-f.free"}
_NUMERIC = frozenset({"fee", "left"})


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """What the plan search is asked for; "" leaves a filter out.

    Args:
        text: part of a major or school, in characters, pinyin or initials of the school.
        area: code of a city or county. fee_at_most: yuan a year. has_seats: only programmes with a seat left.
    """

    text: str = ""
    area: str = ""
    programme_type: str = ""
    study_form: str = ""
    kind: str = ""
    sector: str = ""
    origin: str = ""
    fee_at_most: int | None = None
    has_seats: bool = False
    sort: str = "school"


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One published programme; `seats` planned and `left` free, both in persons; `fee` yuan a year or None.

    `aptitude_test_max`: most points the school's aptitude test adds to the total at this programme, 0 without a test.
    """

    pk: int
    public_id: str
    code: str
    major: str
    programme_type: str
    study_form: str
    years: Decimal
    seats: int
    fee: int | None
    origins: tuple[str, ...]
    partner: str
    note: str
    is_demo: bool
    school: int
    school_public_id: str
    school_name: str
    kind: str
    sector: str
    city: str
    aptitude_test_max: int
    left: int
    labels: tuple[tuple[Measure, str], ...] = ()


def search(
    asked: PlanFilter, *, season: Season, at: datetime, after: str = "", size: int = 20
) -> Page[PlanRow]:
    """One page of the published programmes of a season; two queries whatever its size."""
    sort = asked.sort if asked.sort in SORTS else "school"
    numeric, size = sort in _NUMERIC, max(1, min(size, LARGEST))
    key = read_key(after, sort, numeric)
    text = plain_query(asked.text)
    words = {
        name: getattr(asked, name).replace("\x00", "")
        for name in ("area", "programme_type", "study_form", "kind", "sector", "origin")
    }
    fee = None if asked.fee_at_most is None else min(max(asked.fee_at_most, 0), 2**31 - 1)
    parameters: dict[str, Any] = words | {
        "like": like(text) if text else "", "spelled": spelled(text), "fee": fee, "season": season.pk,
        "value": key.value if key else None, "code": key.code if key else "", "limit": size + 1,
    }  # fmt: skip
    # Free seats are counted for the rows of the page only, unless they decide which rows these are.
    counts_first = asked.has_seats or sort == "left"
    free = "AND f.free > 0" if asked.has_seats else ""
    beyond = (
        f"AND ({SORTS[sort]}, l.code) > (%(value)s::{'int' if numeric else 'text'}, %(code)s)" if key else ""
    )
    found = fetch_all(
        f"""
        WITH page AS MATERIALIZED (
            SELECT {_COLUMNS}, {SORTS[sort]} AS value {_FROM} {_FREE if counts_first else ""}
            WHERE {_WHERE} {free} {beyond} ORDER BY value, l.code LIMIT %(limit)s
        )
        SELECT l.*, f.free FROM page l {_FREE} ORDER BY l.value, l.code
        """,
        parameters,
    )
    rows = _rows([(*row[:20], row[21]) for row in found[:size]], at)
    last = found[size - 1] if len(found) > size else None
    return Page(rows, str(Key(sort, last[20], last[2])) if last else "")


def programmes_of(school: int, *, season: Season, at: datetime) -> list[PlanRow]:
    """Every published programme of one school (row id) in a season, in the order of their codes; two queries."""
    condition = "WHERE u.id = %s AND p.season_id = %s ORDER BY l.code"
    return _rows(fetch_all(f"SELECT {_COLUMNS}, f.free {_FROM} {_FREE} {condition}", (school, season.pk)), at)


def compare(public_ids: Sequence[str], *, at: datetime) -> list[PlanRow]:
    """Up to four published programmes side by side, in the order asked for; ids of nothing are left out."""
    wanted = list(dict.fromkeys(public_ids))[:4]
    condition = "WHERE l.public_id = ANY(%s::uuid[])"
    rows = _rows(fetch_all(f"SELECT {_COLUMNS}, f.free {_FROM} {_FREE} {condition}", (wanted,)), at)
    return sorted(rows, key=lambda row: wanted.index(row.public_id))


def _rows(found: Sequence[tuple[Any, ...]], at: datetime) -> list[PlanRow]:
    labels = effects_in_force(at, sorted({row[13] for row in found}))
    rows = [
        PlanRow(
            *(row[0], str(row[1]), *row[2:9], tuple(row[9]), *row[10:14], str(row[14]), *row[15:]),
        )
        for row in found
    ]
    return [replace(row, labels=labels[row.school].labels) if row.school in labels else row for row in rows]


@dataclass(frozen=True, slots=True)
class PlanStep:
    """The plan as it stood at one step, for the public history."""

    version: int
    state: str
    at: datetime
    programmes: list[dict[str, Any]]


def history(plan: int) -> list[PlanStep]:
    """Every step of a published plan (row id), the newest first; empty while it is not public. (plan.history)"""
    return [
        PlanStep(version, state, at, programmes)
        for version, state, at, programmes in fetch_all(
            """
            SELECT v.version, v.state, v.recorded_at, v.programmes FROM yangguang_planversion v
            JOIN yangguang_plan p ON p.id = v.plan_id AND p.state = 'PUBLISHED'
            WHERE p.id = %s ORDER BY v.version DESC
            """,
            (plan,),
        )
    ]
