"""Published programmes with their free seats: searched, compared, listed; drafts never appear here. (F-A2, F-A11)"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from yangguang.models import PlanVersion, Season
from yangguang.postgres.sql import Row, fetch_all
from yangguang.queries.base.paging import Page, fetch_page, text_params
from yangguang.queries.organisation.units import AREAS, CITY, IN_AREA, MATCHES
from yangguang.queries.plans.seat_counts import OPEN_FREE, OPEN_SEATS
from yangguang.queries.supervision.sanctions import effects_in_force
from yangguang.rules.plans import plan_states
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
_SEATS = f"""
LEFT JOIN LATERAL (
    SELECT {OPEN_SEATS} AS seats, {OPEN_FREE} AS left FROM yangguang_quota k WHERE k.programme_id = l.id
) AS f ON true
"""
_BROCHURE = ", ".join(f"l.{name}" for name in PROGRAMME_FIELDS if name != "seats")
_COLUMNS = f"""
l.id, l.public_id::text, l.code, {_BROCHURE}, u.id AS school, u.public_id::text AS school_public_id,
u.name AS school_name, u.kind, u.sector, {CITY} AS city
"""
_WHERE = f"""
p.season_id = %(season)s AND (l.major ILIKE %(like)s OR {MATCHES}) AND {IN_AREA}
AND (%(programme_type)s = '' OR l.programme_type = %(programme_type)s)
AND (%(study_form)s = '' OR l.study_form = %(study_form)s)
AND (%(origin)s = '' OR %(origin)s = ANY(l.origins)) AND (%(fee)s::int IS NULL OR l.fee <= %(fee)s::int)
"""
SORTS = {"school": "u.pinyin", "major": "l.major", "fee": "coalesce(l.fee, 999999)", "left": "-f.left"}
_TEXTS = ("area", "programme_type", "study_form", "origin")


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
    origin: str = ""
    fee_at_most: int | None = None
    has_seats: bool = False
    sort: str = "school"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow(ProgrammeFields):
    """One published programme with its school; `seats` and `left` are without those of dedicated classes."""

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
    # Free seats are counted for the rows of the page only, unless they decide which rows these are.
    early = _SEATS if filters.has_seats or sort == "left" else ""
    condition = "f.left > 0" if filters.has_seats else "true"
    codes = {name: getattr(filters, name).replace("\x00", "") for name in _TEXTS}
    fee = None if filters.fee_at_most is None else min(max(filters.fee_at_most, 0), 2**31 - 1)
    rows, following = fetch_page(
        f"""
        WITH page AS MATERIALIZED (
            SELECT {_COLUMNS}, {SORTS[sort]} AS sort_value {_FROM} {early}
            WHERE {_WHERE} AND {condition} AND {{beyond}} ORDER BY sort_value, l.code LIMIT %(limit)s
        )
        SELECT l.*, f.seats, f.left FROM page l {_SEATS} ORDER BY l.sort_value, l.code
        """,
        {"season": season.pk, "fee": fee} | codes | text_params(filters.text),
        order=(SORTS[sort], "l.code"),
        sort=sort,
        after=after,
        size=size,
    )
    return Page(_build_rows(rows, at), following)


def programmes_of(school: int, *, season: Season, at: datetime) -> list[PlanRow]:
    """The published programmes of one school (row id) in a season, in the order of their codes; two queries."""
    condition = "WHERE u.id = %s AND p.season_id = %s ORDER BY l.code"
    rows = fetch_all(f"SELECT {_COLUMNS}, f.seats, f.left {_FROM} {_SEATS} {condition}", (school, season.pk))
    return _build_rows(rows, at)


def compare(public_ids: Sequence[str], *, at: datetime) -> list[PlanRow]:
    """Up to four published programmes in the order of their ids; unknown ids are left out."""
    chosen = list(dict.fromkeys(public_ids))[:4]
    condition = "WHERE l.public_id = ANY(%s::uuid[])"
    rows = _build_rows(fetch_all(f"SELECT {_COLUMNS}, f.seats, f.left {_FROM} {_SEATS} {condition}", (chosen,)), at)
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


def history(plan: int) -> list[PlanVersion]:
    """The versions of a plan (row id) since it is public, the newest first. (plan.history)"""
    return list(PlanVersion.objects.filter(plan=plan, state=plan_states.PUBLISHED).order_by("-version"))
