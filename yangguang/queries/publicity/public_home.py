"""The public front page in a fixed number of queries: season windows, notices, warned schools, figures.
(F-A1, F-A5, F-A11, F-H1)
"""

from dataclasses import dataclass
from datetime import datetime

from yangguang import clock
from yangguang.models import Notice, Season, Unit
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.queries.plans.seat_counts import OPEN_FREE, OPEN_SEATS
from yangguang.queries.seasons.seasons import current_season
from yangguang.queries.supervision.sanctions import effects_in_force
from yangguang.rules.runs.rounds import RoundKind
from yangguang.rules.seasons.windows import WindowKind, WindowStatus, format_span, format_time_left, window_status
from yangguang.rules.supervision.sanctions import Measure

_WINDOWS = """
SELECT w.kind, coalesce(r.name, '') AS round, w.opens_at, w.closes_at, w.source, r.number,
       r.kind AS round_kind
FROM yangguang_window AS w LEFT JOIN yangguang_round AS r ON r.id = w.round_id
WHERE w.season_id = %s ORDER BY w.opens_at NULLS LAST, r.number NULLS FIRST, w.id
"""
_FIGURES = f"""
SELECT (SELECT count(*) FROM yangguang_qualification WHERE year = %(year)s AND published_at <= %(at)s) AS schools,
       count(DISTINCT l.id) AS programmes, {OPEN_SEATS} AS seats, {OPEN_FREE} AS free
FROM yangguang_plan p JOIN yangguang_programme l ON l.plan_id = p.id
JOIN yangguang_quota k ON k.programme_id = l.id
WHERE p.season_id = %(season)s AND p.state = 'PUBLISHED'
"""


@dataclass(frozen=True, slots=True)
class SeasonWindow:
    """One window of a season; `round`, `number` and `round_kind` are those of its round, if any."""

    kind: WindowKind
    round: str
    opens_at: datetime | None
    closes_at: datetime | None
    status: WindowStatus
    left: str
    source: str
    number: int | None = None
    round_kind: RoundKind | None = None

    @property
    def span(self) -> str:
        return format_span(self.opens_at, self.closes_at)


WarnedSchool = tuple[Unit, tuple[tuple[Measure, str], ...]]
"""A school with its measures in force, the severest first."""


@dataclass(frozen=True, slots=True)
class PublicHome:
    """Content of the front page; without a season there are only notices.

    `seats` and `free` are those of the published programmes, without dedicated classes.
    """

    at: datetime
    season: Season | None
    windows: tuple[SeasonWindow, ...] = ()
    notices: tuple[Notice, ...] = ()
    warnings: tuple[WarnedSchool, ...] = ()
    schools: int = 0
    programmes: int = 0
    seats: int = 0
    free: int = 0

    @property
    def open_windows(self) -> tuple[SeasonWindow, ...]:
        """Open windows with an end, in the order of their ends."""
        windows = [one for one in self.windows if one.status is WindowStatus.OPEN and one.closes_at is not None]
        return tuple(sorted(windows, key=lambda one: (one.closes_at, one.kind)))


def load_public_home(*, notices: int = 6) -> PublicHome:
    """The front page at the database's clock; seven queries."""
    at, season = clock.now(), current_season()
    newest = tuple(Notice.objects.filter(published_at__lte=at).select_related("unit")[:notices])
    if season is None:
        return PublicHome(at, None, notices=newest)
    figures = fetch_one(_FIGURES, {"year": season.year, "season": season.pk, "at": at})
    assert figures is not None
    return PublicHome(at, season, list_season_windows(season, at), newest, list_warned_schools(at), *figures)


def list_season_windows(season: Season, at: datetime) -> tuple[SeasonWindow, ...]:
    """Every window of the season in the order of opening; one query."""
    return tuple(
        SeasonWindow(
            **row._asdict()
            | {"kind": WindowKind(row.kind), "round_kind": RoundKind(row.round_kind) if row.round_kind else None},
            status=window_status(row.opens_at, row.closes_at, at),
            left=format_time_left(row.closes_at, at),
        )
        for row in fetch_all(_WINDOWS, (season.pk,))
    )


def list_warned_schools(at: datetime) -> tuple[WarnedSchool, ...]:
    """Schools with a measure in force at `at`, by name; two queries."""
    measures = effects_in_force(at)
    schools = Unit.objects.filter(pk__in=measures).order_by("pinyin", "code").only("public_id", "name")
    return tuple((school, measures[school.pk].labels) for school in schools)
