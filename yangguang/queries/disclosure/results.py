"""What a student reads: own results with one sentence for every choice, and the look-up by three facts. (F-B7, F-N8)

Nothing here reads another person's row; seats and last places are those of the published cuts. A last score is
somebody's own: it is said where the disclosure says it, and nowhere else. (decision 0022)
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from yangguang import clock
from yangguang.models.base.fields import blind
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.queries.disclosure.disclosure_limits import OPEN_SEATS, UNTOLD
from yangguang.queries.disclosure.public_disclosure import small_cell
from yangguang.queries.disclosure.reason_citations import Rules, cite, rules_cited
from yangguang.queries.seasons.policy_rules import rules_at
from yangguang.queries.supervision.admission_limits import dedicated_pupils
from yangguang.rules.base import id_number
from yangguang.rules.base.names import clean_name
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.runs.eligibility import ORDINARY, kinds_open_to
from yangguang.rules.runs.matching_types import Reason, ReasonCode
from yangguang.rules.runs.reasons import say_reason

NOBODY = 0
"""A row id that no row has: an unknown person costs the same queries as a known one."""
HELD_BACK = "该专业的结果正在复核，暂缓公布。"


@dataclass(frozen=True, slots=True)
class ChoiceResult:
    """How one choice ended; `reason` is None while its programme is held back."""

    rank: int
    programme: UUID
    school: str
    major: str
    says: str
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class RoundResult:
    """One published round of one applicant, choices in order; `rank` is the choice that was admitted."""

    round: str
    run: UUID
    published_at: datetime
    rank: int | None
    choices: tuple[ChoiceResult, ...]


@dataclass(frozen=True, slots=True)
class AdmissionRow:
    """One admission, whatever kind of round it came from."""

    public_id: UUID
    round: str
    school: str
    major: str
    state: str
    published_at: datetime
    answer_by: datetime | None


@dataclass(frozen=True, slots=True)
class OwnResults:
    """All published rounds and admissions of one application, oldest first."""

    number: str
    rounds: tuple[RoundResult, ...]
    admissions: tuple[AdmissionRow, ...]


_PLACEMENTS = """
SELECT r.name, run.public_id, run.published_at, run.id, s.rank, s.programmes, s.codes, s.places,
       ARRAY(SELECT jsonb_array_elements_text(run.report -> 'held_back'))
FROM yangguang_placement AS s
JOIN yangguang_admissionrun AS run ON run.id = s.run_id AND run.state = 'PUBLISHED'
JOIN yangguang_round AS r ON r.id = run.round_id
WHERE s.application_id = %s ORDER BY r.number
"""
_PROGRAMMES = """
SELECT l.id, l.public_id, l.code, u.name, l.major, l.programme_type,
       coalesce((SELECT c.name FROM yangguang_unit AS c WHERE c.level = 'CITY'
                 AND c.id = ANY(string_to_array(rtrim(u.path, '/'), '/')::bigint[])), '')
FROM yangguang_programme AS l
JOIN yangguang_plan AS p ON p.id = l.plan_id JOIN yangguang_unit AS u ON u.id = p.school_id WHERE l.id = ANY(%s)
"""
# Nothing of the whole run is read here, for a province asks in one hour: a full programme is never hidden beside a
# smaller one (`rules.disclosure.anonymity:suppress_small`), so its own numbers say that the disclosure shows it.
_CUTS = f"""
SELECT c.run_id, c.programme_id, b.code, c.seats, c.last_place, c.last_score,
       coalesce(NOT {UNTOLD} OVER programme AND sum(c.admitted) FILTER (WHERE b.code <> 'dedicated') OVER programme
                >= greatest(%s, {OPEN_SEATS} OVER programme), false)
FROM yangguang_cutoff AS c
JOIN yangguang_quota AS b ON b.id = c.quota_id
JOIN yangguang_admissionrun AS run ON run.id = c.run_id
JOIN yangguang_round AS r ON r.id = run.round_id
LEFT JOIN yangguang_roundprogramme AS o ON o.round_id = r.id AND o.programme_id = c.programme_id
WHERE c.run_id = ANY(%s) AND c.programme_id = ANY(%s)
WINDOW programme AS (PARTITION BY c.run_id, c.programme_id)
"""
_ADMISSIONS = """
SELECT m.public_id, r.name, u.name, l.major, m.state, m.published_at, m.answer_by
FROM yangguang_admission AS m JOIN yangguang_round AS r ON r.id = m.round_id
JOIN yangguang_unit AS u ON u.id = m.school_id JOIN yangguang_programme AS l ON l.id = m.programme_id
WHERE m.application_id = %s ORDER BY m.published_at, m.id
"""
_WHO = """
SELECT a.id, a.number, a.person_id FROM yangguang_application AS a
JOIN yangguang_person AS p ON p.id = a.person_id
WHERE a.number = %s AND p.id_hash = %s AND p.name = %s
"""


def look_up(number: str, id_text: str, name: str) -> OwnResults | None:
    """The results of whoever knows all three facts: 报名号, 证件号码, 姓名.

    All three count in full: the last digits of an identity number alone are known to a whole class. One wrong
    fact gives the same answer after the same queries as three, so that nothing can be asked about anybody.

    Returns:
        None when the three do not belong together.
    """
    row = fetch_one(_WHO, (number.strip()[:16], _mark(id_text), _name(name)))
    found, own, person = row or (NOBODY, "", NOBODY)
    results = own_results(found, own, person)
    return None if row is None else results


def own_results(application: int, number: str, person: int) -> OwnResults:
    """Every published result of one application (row ids of the application and its person)."""
    placements = fetch_all(_PLACEMENTS, (application,))
    named = sorted({programme for row in placements for programme in row[5]})
    runs = [row[3] for row in placements]
    programmes = {row[0]: _Line(*row[1:]) for row in fetch_all(_PROGRAMMES, (named,))}
    cuts: dict[tuple[int, int], list[_Cut]] = defaultdict(list)
    at = clock.now()
    for run, programme, *cut in fetch_all(_CUTS, (small_cell(at), runs, named)):
        cuts[run, programme].append(_Cut(*cut))
    admissions = tuple(AdmissionRow(*row) for row in fetch_all(_ADMISSIONS, (application,)))
    kinds = kinds_open_to(bool(dedicated_pupils(person)))
    with_scores = scores_are_shown(at)
    rules = rules_cited(row[2] for row in placements)
    rounds = tuple(_round(row, programmes, cuts, _Told(kinds, rules[row[2]], with_scores)) for row in placements)
    return OwnResults(number, rounds, admissions)


class _Line(NamedTuple):
    public_id: UUID
    code: str
    school: str
    major: str
    programme_type: str
    city: str


class _Cut(NamedTuple):
    """`is_shown` is of the programme: so many were admitted that everybody may read its last score."""

    quota: str
    seats: int
    last_place: int | None
    last_score: list[int] | None
    is_shown: bool


class _Told(NamedTuple):
    """What this person is told of a round: the kinds of seats open to them, the rules, whether scores may be said."""

    kinds: Sequence[str]
    rules: Rules
    with_scores: bool


def _round(
    row: tuple[Any, ...], programmes: dict[int, _Line], cuts: dict[tuple[int, int], list[_Cut]], told: _Told
) -> RoundResult:
    round, public_id, published_at, run, rank, chosen, codes, places, held_back = row
    results = []
    for at, (key, code, place) in enumerate(zip(chosen, codes, places, strict=True), 1):
        programme = programmes[key]
        if programme.code in held_back:
            says = f"第{at}志愿：{HELD_BACK}"
            results.append(ChoiceResult(at, programme.public_id, programme.school, programme.major, says, None))
            continue
        reason, is_kept_back = _reason(at, key, code, place, cuts[run, key], told)
        cited = cite(reason, told.rules, (ProgrammeType(programme.programme_type).label, programme.city))
        says = say_reason(reason, cited, is_kept_back=is_kept_back)
        results.append(ChoiceResult(at, programme.public_id, programme.school, programme.major, says, reason))
    shown = None if rank is not None and programmes[chosen[rank - 1]].code in held_back else rank
    return RoundResult(round, public_id, published_at, shown, tuple(results))


def _reason(
    rank: int, programme: int, stored: str, place: int | None, cuts: list[_Cut], told: _Told
) -> tuple[Reason, bool]:
    """The stored code with the seats and the last place of the kinds open to this person, as the run saw them, and
    whether its last score is kept back; whoever was barred reads what everybody reads."""
    code, _, barred = stored.partition(":")
    kinds = ORDINARY if code == ReasonCode.BARRED else told.kinds
    seen = [cut for cut in cuts if cut.quota in kinds]
    last = max((cut for cut in seen if cut.last_place is not None), key=_place, default=None)
    seats = sum(cut.seats for cut in seen)
    found = Reason(rank, programme, ReasonCode(code), place, seats, None, None, barred or None)
    if last is None:
        return found, False
    # The disclosure tells the last score of ordinary seats alone.
    is_kept_back = not last.is_shown or last.quota not in ORDINARY
    score = tuple(last.last_score) if last.last_score and told.with_scores and not is_kept_back else None
    return found._replace(last_place=last.last_place, last_score=score), is_kept_back and told.with_scores


def _place(cut: _Cut) -> int:
    return cut.last_place or 0


def scores_are_shown(at: datetime) -> bool:
    """Whether a rule row allows last scores to be published; without one they are not."""
    try:
        return any(rule.value is True for rule in rules_at(at, "disclosure.last_score").values())
    except Refused:
        return False


def _mark(text: str) -> bytes:
    try:
        return blind(id_number.read(text).number)
    except Refused:
        return blind(f"?{text.strip()[:64]}")


def _name(text: str) -> str:
    try:
        return clean_name(text)
    except Refused:
        return ""
