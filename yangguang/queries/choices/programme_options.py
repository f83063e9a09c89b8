"""What can be chosen: the rounds of a season with their windows, and the programmes a round offers. (R3.02, F-B4)"""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from yangguang import clock
from yangguang.models import Application, Round
from yangguang.postgres.sql import fetch_all
from yangguang.queries.admissions.free_seats import Reserved, reserved
from yangguang.queries.base.paging import like, plain_query, spelled
from yangguang.queries.supervision.admission_limits import dedicated_pupils
from yangguang.queries.supervision.sanctions import effects_in_force
from yangguang.rules.applicants.origins import Origin, StudyForm, may_choose
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.seasons.rounds import RANKING, RoundKind, WindowKind
from yangguang.rules.seasons.windows import WindowStatus, window_status
from yangguang.rules.supervision.sanctions import NONE, Effects, Measure

_WINDOWS = """
SELECT r.id, w.opens_at, w.closes_at
FROM yangguang_round AS r
LEFT JOIN effective_window(r.season_id, r.id, %s, ARRAY[%s::bigint]) AS w ON true
WHERE r.season_id = %s
"""


@dataclass(frozen=True, slots=True)
class OpenRound:
    """One round with its window for choices."""

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


def rounds_for(application: Application, at: datetime | None = None) -> list[OpenRound]:
    """The rounds that this application may choose in, in order; three queries."""
    at = at or clock.now()
    spans = _spans(application)
    rounds = Round.objects.filter(season=application.season_id).exclude(kind=RoundKind.IMPORTED.value)
    return [
        OpenRound(found, *spans[found.pk], window_status(*spans[found.pk], at))
        for found in rounds.order_by("number")
        if not found.origins or application.origin in found.origins
    ]


def round_now(rounds: list[OpenRound]) -> OpenRound | None:
    """The round to begin with: the first open one, else the next to open, else the last that was open."""
    for wanted in (WindowStatus.OPEN, WindowStatus.BEFORE, WindowStatus.UNDATED):
        for found in rounds:
            if found.status is wanted:
                return found
    return rounds[-1] if rounds else None


def round_of(application: Application, number: int) -> Round | None:
    """The round of this number, if the application may choose in it; 0 is the round to begin with."""
    if number == 0:
        found = round_now(rounds_for(application))
        return None if found is None else found.round
    rounds = Round.objects.exclude(kind=RoundKind.IMPORTED.value)
    round: Round | None = rounds.filter(season=application.season_id, number=number).first()
    may_join = round is not None and (not round.origins or application.origin in round.origins)
    return round if may_join else None


def open_round(application: Application, round: Round, at: datetime) -> OpenRound:
    """The round with its window for this application."""
    opens, closes = _spans(application)[round.pk]
    return OpenRound(round, opens, closes, window_status(opens, closes, at))


def _spans(application: Application) -> dict[int, tuple[datetime | None, datetime | None]]:
    """Begin and end of the time for choices, by round."""
    asked = (WindowKind.CHOICES.value, application.person_id, application.season_id)
    return {pk: (opens, closes) for pk, opens, closes in fetch_all(_WINDOWS, asked)}


_PROGRAMMES = """
SELECT l.id, l.public_id, l.code, u.name, l.major, l.programme_type, l.study_form, l.years,
       CASE WHEN %(dedicated)s THEN r.dedicated ELSE r.seats - r.dedicated END, l.fee, l.origins, u.id,
       CASE WHEN a.level = 'COUNTY' AND b.level = 'CITY' THEN b.name || a.name ELSE a.name END, l.partner, l.is_demo,
       l.aptitude_test_max,
       (SELECT coalesce(sum(k.seats - k.taken), 0)::int FROM yangguang_quota AS k WHERE k.programme_id = l.id
        AND (k.code = 'dedicated') = %(dedicated)s
        AND NOT EXISTS (SELECT 1 FROM yangguang_waitingplace AS w WHERE w.programme_id = l.id AND w.kind = k.code))
FROM yangguang_roundprogramme AS r
JOIN yangguang_programme AS l ON l.id = r.programme_id
JOIN yangguang_plan AS p ON p.id = l.plan_id
JOIN yangguang_unit AS u ON u.id = p.school_id
JOIN yangguang_unit AS a ON a.id = u.parent_id
LEFT JOIN yangguang_unit AS b ON b.id = a.parent_id
WHERE r.round_id = %(round)s
"""
_FOUND = """
AND CASE WHEN %(dedicated)s THEN r.dedicated > 0 ELSE r.seats > r.dedicated END
AND (%(like)s = '' OR l.major ILIKE %(like)s OR u.name ILIKE %(like)s
     OR (%(spelled)s <> '' AND (u.pinyin LIKE %(spelled)s OR u.initials LIKE %(spelled)s)))
AND (%(area)s = '' OR u.path LIKE (SELECT path FROM yangguang_unit WHERE code = %(area)s) || '%%')
AND (%(programme_type)s = '' OR l.programme_type = %(programme_type)s) AND l.code > %(after)s
ORDER BY l.code LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Offer:
    """One programme of a round as a family reads it; fee in yuan.

    Args:
        seats: of the round. left: free now, and waited for by nobody; both in persons and of the kind this
            person may have. reserved: why nobody may take the free seats now; asked where they are taken at once.
    """

    pk: int
    public_id: str
    code: str
    school: str
    major: str
    programme_type: str
    study_form: str
    years: Decimal
    seats: int
    fee: int | None
    origins: tuple[str, ...]
    school_pk: int
    area: str
    partner: str
    is_demo: bool
    aptitude_test_max: int
    left: int
    labels: tuple[tuple[Measure, str], ...] = ()
    why_not: str = ""
    reserved: Reserved | None = None

    @property
    def name(self) -> str:
        return f"{self.school} · {self.major}"

    @property
    def note(self) -> str:
        """Length, form, seats and fee in one programme."""
        fee = "学费见学校主页" if self.fee is None else f"学费{self.fee:,}元/年" if self.fee else "免学费"
        parts = [
            ProgrammeType(self.programme_type).label, StudyForm(self.study_form).label, self.area,
            f"名额{self.seats}个", fee, f"衔接{self.partner}" if self.partner else "",
            f"自主测试最高加{self.aptitude_test_max}分" if self.aptitude_test_max else "",
        ]  # fmt: skip
        return " · ".join(part for part in parts if part)

    @property
    def warning(self) -> str:
        return "；".join(f"{measure.label}：{says}" for measure, says in self.labels)


_NAMES = [field.name for field in fields(Offer) if field.name not in ("labels", "why_not", "reserved")]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; "" leaves a filter out. `area` is the code of a city or county."""

    text: str = ""
    area: str = ""
    programme_type: str = ""
    after: str = ""


def offers(round: Round, of: Application, wanted: Wanted, at: datetime, size: int = 12) -> list[Offer]:
    """Up to `size` + 1 programmes of the round beyond `wanted.after`, by code; three queries, one more in a direct round."""
    text = plain_query(wanted.text)
    asked: dict[str, Any] = {
        "round": round.pk, "like": like(text) if text else "", "spelled": spelled(text),
        "area": wanted.area.replace("\x00", ""), "programme_type": wanted.programme_type.replace("\x00", ""),
        "after": wanted.after.replace("\x00", ""), "limit": size + 1,
    }  # fmt: skip
    found = _offers(_FOUND, asked, of, at)
    if round.kind in RANKING:
        return found
    kept = reserved([offer.pk for offer in found])
    return [replace(offer, reserved=kept.get(offer.pk)) for offer in found]


def offers_of(round: Round, programmes: list[int], of: Application, at: datetime) -> list[Offer]:
    """These programmes of the round in this order; programmes the round does not offer are left out."""
    asked = {"round": round.pk, "programmes": programmes}
    found = {o.pk: o for o in _offers("AND l.id = ANY(%(programmes)s)", asked, of, at)}
    return [found[programme] for programme in programmes if programme in found]


def offer_named(round: Round, public_id: object, of: Application, at: datetime) -> Offer | None:
    """One programme of the round by its public id."""
    asked = {"round": round.pk, "programme": str(public_id)}
    return next(iter(_offers("AND l.public_id::text = %(programme)s", asked, of, at)), None)


def _offers(which: str, asked: dict[str, Any], of: Application, at: datetime) -> list[Offer]:
    asked["dedicated"] = bool(dedicated_pupils(of.person_id))
    rows = fetch_all(_PROGRAMMES + which, asked)
    effects = effects_in_force(at, sorted({row[11] for row in rows}))
    return [_offer(row, effects.get(row[11], NONE), of.origin) for row in rows]


def _offer(row: tuple[Any, ...], held: Effects, origin: str) -> Offer:
    values: dict[str, Any] = dict(zip(_NAMES, row, strict=True))
    values |= {"public_id": str(values["public_id"]), "origins": tuple(values["origins"])}
    return Offer(**values, labels=held.labels, why_not=_why_not(row, origin, not held.takes_new))


def _why_not(row: tuple[Any, ...], origin: str, stopped: bool) -> str:
    """Why this person cannot choose the programme, or ""; the action asks again."""
    who = Origin(origin)
    if stopped:
        return "学校已停止招生"
    if row[10] and origin not in row[10]:
        return f"不招收“{who.label}”"
    if not may_choose(who, ProgrammeType(row[5]), StudyForm(row[6])):
        return f"“{who.label}”不能选择{ProgrammeType(row[5]).label}、{StudyForm(row[6]).label}"
    return ""
