"""Published programmes with their free seats: searched, compared, listed; drafts never appear here. (F-A2, F-A11)"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from yangguang.models import Season
from yangguang.postgres.sql import Row, fetch_all
from yangguang.queries.base.paging import LARGEST, Key, Page, like, plain_query, read_key, spelled
from yangguang.queries.organisation.units import AREAS, CITY
from yangguang.queries.supervision.admission_limits import FREE_TO_ALL
from yangguang.queries.supervision.sanctions import effects_in_force
from yangguang.rules.plans.programmes import PROGRAMME_FIELDS, ProgrammeFields, read_fields
from yangguang.rules.supervision.sanctions import NONE, Measure

PROGRAMME_COLUMNS = ", ".join(f"l.{name}" for name in PROGRAMME_FIELDS)
"""The brochure fields of `yangguang_programme AS l`, for `read_fields`."""
_FROM = f"""
FROM yangguang_programme l
JOIN yangguang_plan p ON p.id = l.plan_id AND p.state = 'PUBLISHED'
JOIN yangguang_unit u ON u.id = p.school_id
{AREAS}
"""
_FREE = f"""
LEFT JOIN LATERAL (
    SELECT {FREE_TO_ALL} AS left FROM yangguang_quota k WHERE k.programme_id = l.id
) AS f ON true
"""
_COLUMNS = f"""
l.id, l.public_id::text, l.code, {PROGRAMME_COLUMNS}, u.id AS school, u.public_id::text AS school_public_id,
u.name AS school_name, u.kind, u.sector, {CITY} AS city
"""
_WHERE = """
p.season_id = %(season)s
AND (%(like)s = '' OR l.major ILIKE %(like)s OR u.name ILIKE %(like)s
     OR (%(spelled)s <> '' AND (u.pinyin LIKE %(spelled)s OR u.initials LIKE %(spelled)s)))
AND (%(area)s = '' OR u.path LIKE (SELECT path FROM yangguang_unit WHERE code = %(area)s) || '%%')
AND (%(programme_type)s = '' OR l.programme_type = %(programme_type)s)
AND (%(study_form)s = '' OR l.study_form = %(study_form)s)
AND (%(kind)s = '' OR u.kind = %(kind)s) AND (%(sector)s = '' OR u.sector = %(sector)s)
AND (%(origin)s = '' OR %(origin)s = ANY(l.origins)) AND (%(fee)s::int IS NULL OR l.fee <= %(fee)s::int)
"""
SORTS = {"school": "u.pinyin", "major": "l.major", "fee": "coalesce(l.fee, 999999)", "left": "-f.left"}
_NUMERIC = frozenset({"fee", "left"})
_TEXTS = ("area", "programme_type", "study_form", "kind", "sector", "origin")


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """The filters of the programme search; "" means no filter.

    Args:
        text: part of a major or school, in characters, or in pinyin or initials of the school.
        area: code of a city or county. fee_at_most: yuan a year. has_seats: only programmes with a free seat.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow(ProgrammeFields):
    """One published programme with its school; `left` counts its free seats."""

    id: int
    public_id: str
    code: str
    school: int
    school_public_id: str
    school_name: str
    kind: str
    sector: str
    city: str
    left: int
    labels: tuple[tuple[Measure, str], ...] = ()


_OWN_FIELDS = [field.name for field in fields(PlanRow) if field.name not in (*PROGRAMME_FIELDS, "labels")]


def search(filters: PlanFilter, *, season: Season, at: datetime, after: str = "", size: int = 20) -> Page[PlanRow]:
    """One page of the published programmes of a season; two queries whatever its size."""
    sort = filters.sort if filters.sort in SORTS else "school"
    numeric, size = sort in _NUMERIC, max(1, min(size, LARGEST))
    key = read_key(after, sort, numeric)
    # Free seats are counted for the rows of the page only, unless they decide which rows these are.
    counts_first = filters.has_seats or sort == "left"
    condition = "AND f.left > 0" if filters.has_seats else ""
    if key:
        value_type = "int" if numeric else "text"
        condition += f" AND ({SORTS[sort]}, l.code) > (%(value)s::{value_type}, %(code)s)"
    rows = fetch_all(
        f"""
        WITH page AS MATERIALIZED (
            SELECT {_COLUMNS}, {SORTS[sort]} AS sort_value {_FROM} {_FREE if counts_first else ""}
            WHERE {_WHERE} {condition} ORDER BY sort_value, l.code LIMIT %(limit)s
        )
        SELECT l.*, f.left FROM page l {_FREE} ORDER BY l.sort_value, l.code
        """,
        _parameters(filters, season, key) | {"limit": size + 1},
    )
    last = rows[size - 1] if len(rows) > size else None
    return Page(_build_rows(rows[:size], at), str(Key(sort, last.sort_value, last.code)) if last else "")


def _parameters(filters: PlanFilter, season: Season, key: Key | None) -> dict[str, Any]:
    text, fee = plain_query(filters.text), filters.fee_at_most
    return {name: getattr(filters, name).replace("\x00", "") for name in _TEXTS} | {
        "like": like(text) if text else "",
        "spelled": spelled(text),
        "fee": None if fee is None else min(max(fee, 0), 2**31 - 1),
        "season": season.pk,
        "value": key.value if key else None,
        "code": key.code if key else "",
    }


def programmes_of(school: int, *, season: Season, at: datetime) -> list[PlanRow]:
    """The published programmes of one school (row id) in a season, in the order of their codes; two queries."""
    condition = "WHERE u.id = %s AND p.season_id = %s ORDER BY l.code"
    rows = fetch_all(f"SELECT {_COLUMNS}, f.left {_FROM} {_FREE} {condition}", (school, season.pk))
    return _build_rows(rows, at)


def compare(public_ids: Sequence[str], *, at: datetime) -> list[PlanRow]:
    """Up to four published programmes in the order of their ids; unknown ids are left out."""
    chosen = list(dict.fromkeys(public_ids))[:4]
    condition = "WHERE l.public_id = ANY(%s::uuid[])"
    rows = _build_rows(fetch_all(f"SELECT {_COLUMNS}, f.left {_FROM} {_FREE} {condition}", (chosen,)), at)
    return sorted(rows, key=lambda row: chosen.index(row.public_id))


def _build_rows(rows: Sequence[Row], at: datetime) -> list[PlanRow]:
    effects = effects_in_force(at, sorted({row.school for row in rows}))
    return [
        PlanRow(
            **read_fields(row),
            **{name: getattr(row, name) for name in _OWN_FIELDS},
            labels=effects.get(row.school, NONE).labels,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One version of a plan in its public history."""

    version: int
    state: str
    at: datetime
    programmes: list[dict[str, Any]]


_HISTORY = """
SELECT v.version, v.state, v.recorded_at AS at, v.programmes FROM yangguang_planversion v
JOIN yangguang_plan p ON p.id = v.plan_id AND p.state = 'PUBLISHED'
WHERE p.id = %s ORDER BY v.version DESC
"""


def history(plan: int) -> list[PlanStep]:
    """Every version of a published plan (row id), the newest first; empty while it is not public. (plan.history)"""
    return [PlanStep(**row._asdict()) for row in fetch_all(_HISTORY, (plan,))]
