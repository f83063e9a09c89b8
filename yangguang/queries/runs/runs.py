"""The round page, the difference between two runs, and what the public is shown of a published one.
(F-D3, F-D4, F-D5)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yangguang.models import AdmissionRun, Round
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.queries.disclosure.disclosure_limits import OPEN_SEATS, load_disclosure_limits
from yangguang.queries.disclosure.results import scores_are_public
from yangguang.queries.runs.preconditions import RANKED, Check, checks
from yangguang.queries.seasons.policy_rules import rules_at
from yangguang.queries.seasons.windows import effective_span
from yangguang.rules.base import id_number
from yangguang.rules.base.refusals import Refused
from yangguang.rules.runs import run_states
from yangguang.rules.seasons.rounds import WindowKind


@dataclass(frozen=True, slots=True)
class RoundPage:
    """What the officer sees of a round: its windows, who takes part, what stands against a run, its runs."""

    windows: tuple[tuple[WindowKind, datetime | None, datetime | None], ...]
    programmes: int
    seats: int
    applicants: int
    choices: int
    checks: tuple[Check, ...]
    runs: tuple[AdmissionRun, ...]


_SEATS = "SELECT count(*), coalesce(sum(seats), 0) FROM yangguang_roundprogramme WHERE round_id = %s"
_APPLICANTS = """
SELECT count(*), coalesce(sum(cardinality(programmes)), 0) FROM (
    SELECT DISTINCT ON (v.application_id) v.programmes FROM yangguang_choiceversion AS v
    JOIN yangguang_application AS a ON a.id = v.application_id AND a.state = 'CHOSEN'
    WHERE v.round_id = %s ORDER BY v.application_id, v.number DESC
) AS in_force
"""
_OF_ROUND = (WindowKind.CHOICES, WindowKind.REVIEW, WindowKind.ADMISSION, WindowKind.PUBLICATION, WindowKind.ANSWER)


def round_page(round: Round, at: datetime) -> RoundPage:
    """Everything on the page of one round; the number of queries does not grow with it."""
    windows = [(kind, effective_span(kind, round)) for kind in _OF_ROUND]
    programmes, seats = fetch_one(_SEATS, (round.pk,)) or (0, 0)
    applicants, choices = fetch_one(_APPLICANTS, (round.pk,)) or (0, 0)
    runs = round.runs.defer("snapshot").select_related("started_by", "school")
    return RoundPage(
        tuple((kind, *found) for kind, found in windows if found is not None),
        int(programmes),
        int(seats),
        int(applicants),
        int(choices),
        tuple(checks(round, at)) if round.kind in RANKED else (),
        tuple(runs.order_by("-number")),
    )


def size_of(round: Round) -> tuple[int, int]:
    """How many persons take part now, on how many programmes: what the time of a run depends on."""
    applicants = fetch_one(_APPLICANTS, (round.pk,)) or (0, 0)
    programmes = fetch_one(_SEATS, (round.pk,)) or (0, 0)
    return int(applicants[0]), int(programmes[0])


def round_called(text: str) -> Round:
    """The round a person means: its number or name in the current season.

    Raises:
        Refused: there is none.
    """
    rounds = Round.objects.select_related("season").filter(season__is_current=True)
    found = rounds.filter(number=int(text)) if text.isascii() and text.isdecimal() else rounds.filter(name=text)
    if (round := found.first()) is None:
        names = "、".join(f"{round.number} {round.name}" for round in rounds) or "（没有）"
        raise Refused(f"当前招生季没有批次“{text}”", why=f"现有批次：{names}", now="请写批次的序号或名称")
    return round


@dataclass(frozen=True, slots=True)
class ProgrammeChange:
    """How many persons a programme gained and lost between two runs."""

    code: str
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A run against the one before: persons in all who are placed differently, and by programme."""

    before: AdmissionRun | None
    persons: int
    newly_placed: int
    no_longer_placed: int
    programmes: tuple[ProgrammeChange, ...]


@dataclass(frozen=True, slots=True)
class PersonChange:
    """One person whom a run places otherwise: 报名号 and its mask, programme codes, "" for none."""

    number: str
    masked: str
    before: str
    after: str


_CHANGED = """
WITH old AS (SELECT application_id, programme_id AS programme FROM yangguang_placement WHERE run_id = %(old)s),
new AS (SELECT application_id, programme_id AS programme FROM yangguang_placement WHERE run_id = %(new)s),
changed AS (
    SELECT application_id, old.programme AS programme_before, new.programme AS programme_after
    FROM old FULL JOIN new USING (application_id) WHERE old.programme IS DISTINCT FROM new.programme
)
"""
_PERSONS = f"""
{_CHANGED}
SELECT count(*), count(*) FILTER (WHERE programme_before IS NULL),
       count(*) FILTER (WHERE programme_after IS NULL) FROM changed
"""
_BY_PROGRAMME = f"""
{_CHANGED}
SELECT l.code, count(*) FILTER (WHERE moved.gained), count(*) FILTER (WHERE NOT moved.gained)
FROM (SELECT programme_after AS programme, true AS gained FROM changed
      UNION ALL SELECT programme_before, false FROM changed) AS moved
JOIN yangguang_programme AS l ON l.id = moved.programme GROUP BY l.code ORDER BY l.code
"""
_BY_PERSON = f"""
{_CHANGED}
SELECT a.number, coalesce(b.code, ''), coalesce(n.code, '') FROM changed
JOIN yangguang_application AS a ON a.id = changed.application_id
LEFT JOIN yangguang_programme AS b ON b.id = changed.programme_before
LEFT JOIN yangguang_programme AS n ON n.id = changed.programme_after
WHERE a.number > %(after)s ORDER BY a.number LIMIT %(limit)s
"""


def last_before(run: AdmissionRun) -> AdmissionRun | None:
    """The last official run before this one in its round that came to a checked list."""
    found: AdmissionRun | None = (
        AdmissionRun.objects.defer("snapshot")
        .filter(round=run.round_id, number__lt=run.number, is_what_if=False)
        .exclude(state__in=run_states.UNFINISHED)
        .exclude(state=run_states.COMPUTED)
        .order_by("-number")
        .first()
    )
    return found


def difference(run: AdmissionRun) -> Difference:
    """What this run changes against the one before it; without one, or without a list yet, nothing."""
    before = None if run.is_what_if or run.state in run_states.UNFINISHED else last_before(run)
    if before is None:
        return Difference(None, 0, 0, 0, ())
    pair = {"old": before.pk, "new": run.pk}
    persons, placed, lost = fetch_one(_PERSONS, pair) or (0, 0, 0)
    programmes = tuple(ProgrammeChange(*row) for row in fetch_all(_BY_PROGRAMME, pair))
    return Difference(before, int(persons), int(placed), int(lost), programmes)


def person_changes(run: AdmissionRun, after: str = "", limit: int = 50) -> list[PersonChange]:
    """Persons placed otherwise than in the run before, by 报名号 beyond `after`; one more than `limit` at most."""
    before = last_before(run)
    if before is None:
        return []
    asked = {"old": before.pk, "new": run.pk, "after": after, "limit": limit + 1}
    return [
        PersonChange(number, id_number.mask(number), *programmes)
        for number, *programmes in fetch_all(_BY_PERSON, asked)
    ]


@dataclass(frozen=True, slots=True)
class Disclosed:
    """One programme of the public disclosure; None is a number too small to be shown, or one that leads there."""

    code: str
    school: str
    major: str
    seats: int
    applicants: int | None
    admitted: int | None
    last_place: int | None
    last_score: int | None


# Seats and admissions of a dedicated class are left out: with them, the public bundle of the round would tell by
# subtraction how many of its pupils came (docs/decisions/0022). Applicants are counted together, as places are.
_DISCLOSED = f"""
SELECT l.code, u.name, l.major, {OPEN_SEATS}, sum(c.applicants),
       max(c.last_place) FILTER (WHERE b.code = 'general'),
       (array_agg(c.last_score[1]) FILTER (WHERE b.code = 'general'))[1]
FROM yangguang_cutoff AS c
JOIN yangguang_quota AS b ON b.id = c.quota_id
JOIN yangguang_programme AS l ON l.id = c.programme_id
JOIN yangguang_roundprogramme AS o ON o.programme_id = l.id AND o.round_id = %(round)s
JOIN yangguang_plan AS p ON p.id = l.plan_id
JOIN yangguang_unit AS u ON u.id = p.school_id
WHERE c.run_id = %(run)s AND l.code > %(after)s AND (%(school)s::bigint IS NULL OR u.id = %(school)s)
  AND NOT l.code = ANY(%(held_back)s)
GROUP BY l.code, u.name, l.major HAVING {OPEN_SEATS} > 0 ORDER BY l.code LIMIT %(limit)s
"""


def disclosed(
    run: AdmissionRun, at: datetime, *, school: int | None = None, after: str = "", limit: int = 50
) -> Sequence[Disclosed]:
    """The programmes of a published run for everybody; nothing of one that is not published or is held back.

    Args:
        school: only this school's programmes; after: code of the last programme of the page before.
    """
    if run.published_at is None:
        return ()
    small = min(rule.value for rule in rules_at(at, "disclosure.small_cell").values())
    limits = load_disclosure_limits([run.pk], small)[run.pk]
    asked = {
        "run": run.pk,
        "round": run.round_id,
        "after": after,
        "school": school,
        "limit": limit,
        "held_back": run.report["held_back"],
    }
    with_scores = scores_are_public(at)
    hidden = limits.suppress().programmes
    shown = {code: number for code, number in limits.admitted.items() if code not in hidden}
    return [
        _disclosed(row, small, limits.seats_only, shown, with_scores=with_scores)
        for row in fetch_all(_DISCLOSED, asked)
    ]


def _disclosed(
    row: tuple[Any, ...], small: int, seats_only: set[str], shown: dict[str, int], *, with_scores: bool
) -> Disclosed:
    code, school, major, seats, applicants, last_place, last_score = row
    # A cut of few people would tell where each of them stood, and the last place how many they are.
    return Disclosed(
        code,
        school,
        major,
        int(seats),
        None if code in seats_only or applicants < small else int(applicants),
        shown.get(code),
        last_place if code in shown else None,
        last_score if code in shown and with_scores else None,
    )
