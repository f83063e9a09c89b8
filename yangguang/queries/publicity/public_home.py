"""The public front page in a fixed number of queries: season clock, notices, warnings, numbers.
(F-A1, F-A5, F-A11, F-H1)
"""

from dataclasses import dataclass
from datetime import datetime

from yangguang import clock
from yangguang.models import Notice, Season, Unit
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.queries.seasons.seasons import current_season
from yangguang.queries.supervision.admission_limits import FREE_TO_ALL
from yangguang.queries.supervision.sanctions import effects_in_force
from yangguang.rules.seasons.rounds import WindowKind
from yangguang.rules.seasons.windows import WindowStatus, format_span, format_time_left, window_status
from yangguang.rules.supervision.sanctions import Measure

_WINDOWS = """
SELECT w.kind, coalesce(r.name, ''), w.opens_at, w.closes_at, w.source, r.number FROM yangguang_window w
LEFT JOIN yangguang_round r ON r.id = w.round_id
WHERE w.season_id = %s ORDER BY w.opens_at NULLS LAST, r.number NULLS FIRST, w.id
"""
_NUMBERS = f"""
SELECT (SELECT count(*) FROM yangguang_qualification
        WHERE year = %(year)s AND published_at <= %(at)s),
       count(DISTINCT l.id), coalesce(sum(k.seats), 0)::int, {FREE_TO_ALL}
FROM yangguang_plan p JOIN yangguang_programme l ON l.plan_id = p.id
JOIN yangguang_quota k ON k.programme_id = l.id
WHERE p.season_id = %(season)s AND p.state = 'PUBLISHED'
"""


@dataclass(frozen=True, slots=True)
class Tick:
    """One window on the season clock, in words and as instants."""

    kind: WindowKind
    round: str
    opens_at: datetime | None
    closes_at: datetime | None
    status: WindowStatus
    left: str
    source: str
    number: int | None = None  # The round's; None for a window of the whole season.

    @property
    def span(self) -> str:
        return format_span(self.opens_at, self.closes_at)


@dataclass(frozen=True, slots=True)
class Warned:
    """A school with measures in force, severest first."""

    public_id: str
    name: str
    labels: tuple[tuple[Measure, str], ...]


@dataclass(frozen=True, slots=True)
class Front:
    """Everything the front page says. `seats` and `free` count persons; no season yet leaves all of it empty."""

    at: datetime
    season: Season | None
    clock: tuple[Tick, ...] = ()
    notices: tuple[Notice, ...] = ()
    warnings: tuple[Warned, ...] = ()
    schools: int = 0
    programmes: int = 0
    seats: int = 0
    free: int = 0

    @property
    def open_now(self) -> tuple[Tick, ...]:
        """Open windows, the one that closes first in front."""
        held = [
            tick for tick in self.clock if tick.status is WindowStatus.OPEN and tick.closes_at is not None
        ]
        return tuple(sorted(held, key=lambda tick: (tick.closes_at, tick.kind)))

    @property
    def coming(self) -> tuple[Tick, ...]:
        """What opens next, in order."""
        return tuple(tick for tick in self.clock if tick.status is WindowStatus.BEFORE)


def front(*, notices: int = 6) -> Front:
    """The front page at the database's clock; seven queries, whatever there is to show."""
    at, season = clock.now(), current_season()
    newest = tuple(Notice.objects.filter(published_at__lte=at).select_related("unit")[:notices])
    if season is None:
        return Front(at, None, notices=newest)
    counted = fetch_one(_NUMBERS, {"year": season.year, "season": season.pk, "at": at})
    assert counted is not None
    return Front(at, season, season_clock(season, at), newest, warnings(at), *counted)


def season_clock(season: Season, at: datetime) -> tuple[Tick, ...]:
    """Every window of the season in order of its beginning; one query."""
    return tuple(
        Tick(
            WindowKind(kind),
            name,
            opens,
            closes,
            window_status(opens, closes, at),
            format_time_left(closes, at),
            source,
            number,
        )
        for kind, name, opens, closes, source, number in fetch_all(_WINDOWS, (season.pk,))
    )


def warnings(at: datetime) -> tuple[Warned, ...]:
    """Schools with a measure in force at `at`, by name; two queries."""
    held = effects_in_force(at)
    named = Unit.objects.filter(pk__in=held).order_by("pinyin", "code").values_list("pk", "public_id", "name")
    return tuple(Warned(str(public_id), name, held[pk].labels) for pk, public_id, name in named)
