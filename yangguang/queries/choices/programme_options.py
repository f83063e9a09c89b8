"""What an application may choose: rounds with their windows, and the programmes of a round. (R3.02, F-B4)"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from yangguang import clock
from yangguang.models import Application, Round
from yangguang.postgres.sql import Row, fetch_all
from yangguang.queries.admissions.seat_reservations import Reservation, find_reservations
from yangguang.queries.applicants.origin_rules import origin_rules_of
from yangguang.queries.base.paging import text_params
from yangguang.queries.plans.plans import PROGRAMME_COLUMNS
from yangguang.queries.supervision.admission_limits import dedicated_pupils
from yangguang.queries.supervision.sanctions import effects_in_force
from yangguang.rules.applicants.origins import Origin, OriginRule
from yangguang.rules.plans.programmes import ProgrammeFields, read_fields
from yangguang.rules.runs.rounds import RANKING, RoundKind
from yangguang.rules.seasons.windows import WindowKind, WindowStatus, window_status
from yangguang.rules.supervision.sanctions import NONE, Effects, Measure

_WINDOWS = """
SELECT r.id, w.opens_at, w.closes_at
FROM yangguang_round AS r
LEFT JOIN effective_window(r.season_id, r.id, %s, ARRAY[%s::bigint]) AS w ON true
WHERE r.season_id = %s
"""


@dataclass(frozen=True, slots=True)
class RoundWindow:
    """One round with one of its windows for an application."""

    round: Round
    opens: datetime | None
    closes: datetime | None
    status: WindowStatus

    @property
    def is_open(self) -> bool:
        return self.status is WindowStatus.OPEN

    @property
    def is_over(self) -> bool:
        return self.status is WindowStatus.AFTER

    @property
    def is_direct(self) -> bool:
        return self.round.kind not in RANKING


def rounds_for(application: Application, at: datetime | None = None) -> list[RoundWindow]:
    """The rounds that this application may choose in, in order; three queries."""
    at = at or clock.now()
    spans = _spans(application)
    rounds = Round.objects.filter(season=application.season_id).exclude(kind=RoundKind.IMPORTED.value)
    return [
        RoundWindow(round, *spans[round.pk], window_status(*spans[round.pk], at))
        for round in rounds.order_by("number")
        if not round.origins or application.origin in round.origins
    ]


def round_now(rounds: list[RoundWindow]) -> RoundWindow | None:
    """The round to begin with: the first open one, else the next to open, else the last that was open."""
    for status in (WindowStatus.OPEN, WindowStatus.BEFORE, WindowStatus.UNDATED):
        for one in rounds:
            if one.status is status:
                return one
    return rounds[-1] if rounds else None


def round_of(application: Application, number: int) -> Round | None:
    """The round of this number, if the application may choose in it; 0 is the round to begin with."""
    if number == 0:
        first = round_now(rounds_for(application))
        return None if first is None else first.round
    rounds = Round.objects.exclude(kind=RoundKind.IMPORTED.value)
    round: Round | None = rounds.filter(season=application.season_id, number=number).first()
    may_join = round is not None and (not round.origins or application.origin in round.origins)
    return round if may_join else None


def open_round(application: Application, round: Round, at: datetime) -> RoundWindow:
    """The round with its window for this application."""
    opens, closes = _spans(application)[round.pk]
    return RoundWindow(round, opens, closes, window_status(opens, closes, at))


def _spans(application: Application) -> dict[int, tuple[datetime | None, datetime | None]]:
    """Begin and end of the time for choices, by row id of the round."""
    params = (WindowKind.CHOICES.value, application.person_id, application.season_id)
    return {row.id: (row.opens_at, row.closes_at) for row in fetch_all(_WINDOWS, params)}


_OPTIONS = f"""
SELECT l.id AS pk, l.public_id::text, l.code, u.name AS school, {PROGRAMME_COLUMNS}, u.id AS school_pk,
       CASE WHEN %(dedicated)s THEN r.dedicated ELSE r.seats - r.dedicated END AS round_seats,
       CASE WHEN a.level = 'COUNTY' AND b.level = 'CITY' THEN b.name || a.name ELSE a.name END AS area,
       (SELECT coalesce(sum(k.seats - k.taken), 0)::int FROM yangguang_quota AS k WHERE k.programme_id = l.id
        AND (k.code = 'dedicated') = %(dedicated)s
        AND NOT EXISTS (SELECT 1 FROM yangguang_waitingplace AS w WHERE w.programme_id = l.id AND w.kind = k.code)
       ) AS left
FROM yangguang_roundprogramme AS r
JOIN yangguang_programme AS l ON l.id = r.programme_id
JOIN yangguang_plan AS p ON p.id = l.plan_id
JOIN yangguang_unit AS u ON u.id = p.school_id
JOIN yangguang_unit AS a ON a.id = u.parent_id
LEFT JOIN yangguang_unit AS b ON b.id = a.parent_id
WHERE r.round_id = %(round)s
"""
_FILTERED = """
AND CASE WHEN %(dedicated)s THEN r.dedicated > 0 ELSE r.seats > r.dedicated END
AND (%(like)s = '' OR l.major ILIKE %(like)s OR u.name ILIKE %(like)s
     OR (%(spelled)s <> '' AND (u.pinyin LIKE %(spelled)s OR u.initials LIKE %(spelled)s)))
AND (%(area)s = '' OR u.path LIKE (SELECT path FROM yangguang_unit WHERE code = %(area)s) || '%%')
AND (%(programme_type)s = '' OR l.programme_type = %(programme_type)s) AND l.code > %(after)s
ORDER BY l.code LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeOption(ProgrammeFields):
    """One programme of a round as a family reads it.

    Args:
        seats: of the round, not of the plan. left: free now, with no one waiting for them. Both count persons and
            are of the kind that this person may have.
        why_not: why this person cannot choose it, or "".
        reserved: why its free seats cannot be taken now; only in a round without a ranking.
        place: where the round before ended, beside the own score, or "".
    """

    pk: int
    public_id: str
    code: str
    school: str
    school_pk: int
    area: str
    left: int
    labels: tuple[tuple[Measure, str], ...] = ()
    why_not: str = ""
    reserved: Reservation | None = None
    place: str = ""

    @property
    def name(self) -> str:
        return f"{self.school} · {self.major}"

    @property
    def summary(self) -> str:
        """Type, form, area, seats and fee in one line."""
        fee = "学费见学校主页" if self.fee is None else f"学费{self.fee:,}元/年" if self.fee else "免学费"
        test = f"自主测试最高加{self.aptitude_test_max}分" if self.aptitude_test_max else ""
        partner = f"衔接{self.partner}" if self.partner else ""
        seats = f"名额{self.seats}个"
        parts = (self.programme_type.label, self.study_form.label, self.area, seats, fee, partner, test)
        return " · ".join(part for part in parts if part)

    @property
    def warning(self) -> str:
        return "；".join(f"{measure.label}：{reason}" for measure, reason in self.labels)


@dataclass(frozen=True, slots=True)
class OptionFilter:
    """What is looked for; "" leaves a filter out. `area` is the code of a city or county, `after` of a programme."""

    text: str = ""
    area: str = ""
    programme_type: str = ""
    after: str = ""


def find_options(
    round: Round, application: Application, filters: OptionFilter, at: datetime, size: int = 12
) -> list[ProgrammeOption]:
    """Up to `size` + 1 options with a code beyond `filters.after`, by code; four queries, in a direct round five."""
    codes = {name: getattr(filters, name).replace("\x00", "") for name in ("area", "programme_type", "after")}
    params = codes | text_params(filters.text) | {"limit": size + 1}
    options = _fetch_options(round, application, at, _FILTERED, params)
    if round.kind in RANKING:
        return options
    reservations = find_reservations([option.pk for option in options])
    return [replace(option, reserved=reservations.get(option.pk)) for option in options]


def options_of(round: Round, application: Application, programmes: list[int], at: datetime) -> list[ProgrammeOption]:
    """The options with these row ids, in this order; programmes that the round does not offer are left out."""
    options = _fetch_options(round, application, at, "AND l.id = ANY(%(programmes)s)", {"programmes": programmes})
    by_pk = {option.pk: option for option in options}
    return [by_pk[programme] for programme in programmes if programme in by_pk]


def find_option(round: Round, application: Application, public_id: object, at: datetime) -> ProgrammeOption | None:
    """The option of the programme with this public id, or None when the round does not offer it."""
    params = {"programme": str(public_id)}
    return next(iter(_fetch_options(round, application, at, "AND l.public_id::text = %(programme)s", params)), None)


def _fetch_options(
    round: Round, application: Application, at: datetime, condition: str, params: dict[str, Any]
) -> list[ProgrammeOption]:
    params |= {"round": round.pk, "dedicated": bool(dedicated_pupils(application.person_id))}
    rows = fetch_all(_OPTIONS + condition, params)
    effects = effects_in_force(at, sorted({row.school_pk for row in rows}))
    rule = origin_rules_of(round.season.year, round.opened_at or at)[Origin(application.origin)]
    return [_build_option(row, effects.get(row.school_pk, NONE), rule) for row in rows]


def _build_option(row: Row, effects: Effects, rule: OriginRule) -> ProgrammeOption:
    names = ("pk", "public_id", "code", "school", "school_pk", "area", "left")
    values = read_fields(row) | {"seats": row.round_seats} | {name: getattr(row, name) for name in names}
    option = ProgrammeOption(**values, labels=effects.labels)
    return replace(option, why_not=_why_not(option, rule, effects))


def _why_not(option: ProgrammeOption, rule: OriginRule, effects: Effects) -> str:
    """Why this person cannot choose the programme, or ""; the action checks it again."""
    if not effects.takes_new:
        return "学校已停止招生"
    if option.origins and rule.origin not in option.origins:
        return f"不招收“{rule.origin.label}”"
    if not rule.allows(option.programme_type, option.study_form):
        return f"“{rule.origin.label}”不能选择{option.programme_type.label}、{option.study_form.label}"
    return ""
