"""What a student reads: own results with one sentence for every choice, and the look-up by three facts. (F-B7, F-N8)

Nothing here reads another person's row; seats and last places are those of the published cutoffs. A last score belongs
to one person: it is displayed only where the disclosure shows it. (decision 0022)
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from yangguang import clock
from yangguang.models.base.fields import blind
from yangguang.postgres.sql import Row, fetch_all, fetch_one
from yangguang.queries.disclosure.disclosure_limits import OPEN_SEATS, SEATS_ONLY
from yangguang.queries.disclosure.public_disclosure import read_small_cell
from yangguang.queries.disclosure.reason_citations import cite_rule, load_reason_rules
from yangguang.queries.seasons.policy_rules import RulesInForce, rule_at
from yangguang.queries.supervision.admission_limits import dedicated_pupils
from yangguang.rules.admissions.admission_states import TRANSITIONS
from yangguang.rules.base import id_number
from yangguang.rules.base.folding import fold_label, fold_number
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.runs.eligibility import ORDINARY, list_open_kinds
from yangguang.rules.runs.matching_types import Reason, ReasonCode
from yangguang.rules.runs.reasons import format_reason
from yangguang.rules.runs.rounds import RoundKind
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.policy_scope import Axis

NO_ROW = 0
"""A row id that no row has: an unknown person costs the same queries as a known one."""
WITHHELD = "该专业的结果正在复核，暂缓公布。"


@dataclass(frozen=True, slots=True)
class ChoiceResult:
    """How one choice ended; `reason` is None while its programme is held back."""

    rank: int
    school: str
    major: str
    sentence: str
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
class OwnResults:
    """All published rounds and admissions (rows of `_ADMISSIONS`) of one application, oldest first."""

    number: str
    rounds: tuple[RoundResult, ...]
    admissions: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class _Disclosed:
    """What one applicant may read: `quotas` are those open to the applicant, `rules` by the instants a round was
    opened and published, `cutoffs` by run and programme.
    """

    programmes: dict[int, Row]
    cutoffs: dict[tuple[int, int], list[Row]]
    rules: dict[datetime, RulesInForce]
    quotas: Sequence[str]
    with_scores: bool


_PLACEMENTS = """
SELECT r.name AS round, r.kind, run.public_id AS run, run.published_at, run.id AS run_id, s.rank, s.programmes, s.codes,
       coalesce(r.opened_at, run.published_at) AS opened_at, s.places,
       ARRAY(SELECT jsonb_array_elements_text(run.report -> 'held_back')) AS withheld
FROM yangguang_placement AS s
JOIN yangguang_admissionrun AS run ON run.id = s.run_id AND run.state = 'PUBLISHED'
JOIN yangguang_round AS r ON r.id = run.round_id
WHERE s.application_id = %s ORDER BY r.number
"""
_PROGRAMMES = """
SELECT l.id, l.code, u.name AS school, l.major, l.programme_type,
       area_names(u.path) AS areas
FROM yangguang_programme AS l
JOIN yangguang_plan AS p ON p.id = l.plan_id JOIN yangguang_unit AS u ON u.id = p.school_id WHERE l.id = ANY(%s)
"""
# Nothing of the whole run is read here, because all students of a province ask within one hour: a full programme is
# never hidden beside a smaller one (`rules.disclosure.anonymity:suppress_small`), so its own numbers show whether the
# disclosure has its last score (`is_public`).
_CUTOFFS = f"""
SELECT c.run_id, c.programme_id, b.code AS quota, c.seats, c.last_place, c.last_score,
       coalesce(NOT {SEATS_ONLY} OVER programme
                AND sum(c.admitted) FILTER (WHERE b.code <> 'dedicated') OVER programme
                >= greatest(%s, {OPEN_SEATS} OVER programme), false) AS is_public
FROM yangguang_cutoff AS c
JOIN yangguang_quota AS b ON b.id = c.quota_id
JOIN yangguang_admissionrun AS run ON run.id = c.run_id
JOIN yangguang_round AS r ON r.id = run.round_id
LEFT JOIN yangguang_roundprogramme AS o ON o.round_id = r.id AND o.programme_id = c.programme_id
WHERE c.run_id = ANY(%s) AND c.programme_id = ANY(%s)
WINDOW programme AS (PARTITION BY c.run_id, c.programme_id)
"""
_ADMISSIONS = """
SELECT m.public_id, r.name AS round, u.name AS school, l.major, m.state, m.state AS label, m.published_at,
       m.answer_by
FROM yangguang_admission AS m JOIN yangguang_round AS r ON r.id = m.round_id
JOIN yangguang_unit AS u ON u.id = m.school_id JOIN yangguang_programme AS l ON l.id = m.programme_id
WHERE m.application_id = %s ORDER BY m.published_at, m.id
"""
_APPLICATION = """
SELECT a.id, a.number, a.person_id, p.name FROM yangguang_application AS a
JOIN yangguang_person AS p ON p.id = a.person_id
WHERE a.number = %s AND p.id_hash = %s
"""


def look_up(number: str, id_text: str, name: str) -> OwnResults | None:
    """The results of the person who knows all three facts: 报名号, 证件号码, 姓名.

    All three count in full: the last digits of an identity number alone are known to a whole class. One wrong
    fact gives the same answer after the same queries as three, so that the look-up reveals nothing about a person.

    Returns:
        None when the three do not belong together.
    """
    row = fetch_one(_APPLICATION, (fold_number(number), blind(_read_number(id_text))))
    is_known = row is not None and fold_label(row.name) == fold_label(name)
    results = load_own_results(*(row[:3] if row is not None and is_known else (NO_ROW, "", NO_ROW)))
    return results if is_known else None


def _read_number(id_text: str) -> str:
    """The identity number in its one form; another text gives one that no person has."""
    try:
        return id_number.read(id_text).number
    except Refused:
        return f"?{fold_number(id_text)}"


def load_own_results(application: int, number: str, person: int) -> OwnResults:
    """Every published result of one application (row ids of the application and its person)."""
    placements = fetch_all(_PLACEMENTS, (application,))
    programmes = sorted({programme for row in placements for programme in row.programmes})
    at = clock.now()
    cutoffs: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for cutoff in fetch_all(_CUTOFFS, (read_small_cell(at), [row.run_id for row in placements], programmes)):
        cutoffs[cutoff.run_id, cutoff.programme_id].append(cutoff)
    disclosed = _Disclosed(
        programmes={row.id: row for row in fetch_all(_PROGRAMMES, (programmes,))},
        cutoffs=cutoffs,
        rules=load_reason_rules(at for row in placements for at in (row.opened_at, row.published_at)),
        quotas=list_open_kinds(dedicated_class=bool(dedicated_pupils(person))),
        with_scores=scores_are_public(at),
    )
    rounds = tuple(_describe_round(row, disclosed) for row in placements)
    rows = fetch_all(_ADMISSIONS, (application,))
    return OwnResults(number, rounds, tuple(row._replace(label=TRANSITIONS.states[row.state]) for row in rows))


def _describe_round(row: Row, disclosed: _Disclosed) -> RoundResult:
    choices = []
    for rank, (pk, code, place) in enumerate(zip(row.programmes, row.codes, row.places, strict=True), 1):
        programme = disclosed.programmes[pk]
        sentence, reason = f"第{rank}志愿：{WITHHELD}", None
        if programme.code not in row.withheld:
            reason, is_score_hidden = _read_reason(rank, pk, code, place, disclosed.cutoffs[row.run_id, pk], disclosed)
            facts = {
                Axis.ROUND: [RoundKind(row.kind).label],
                Axis.PROGRAMME_TYPE: [ProgrammeType(programme.programme_type).label],
                Axis.AREA: programme.areas,
            }
            clause = cite_rule(reason, disclosed.rules[row.opened_at], disclosed.rules[row.published_at], facts)
            sentence = format_reason(reason, clause, is_withheld=is_score_hidden)
        choices.append(ChoiceResult(rank, programme.school, programme.major, sentence, reason))
    is_withheld = row.rank is not None and choices[row.rank - 1].reason is None
    return RoundResult(row.round, row.run, row.published_at, None if is_withheld else row.rank, tuple(choices))


def _read_reason(
    rank: int, programme: int, stored: str, place: int | None, cutoffs: list[Row], disclosed: _Disclosed
) -> tuple[Reason, bool]:
    """The stored code with the seats and the last place of the quotas open to this person, as the run counted them,
    and whether its last score is withheld. An applicant who was barred reads the public numbers.
    """
    code, _, barred = stored.partition(":")
    quotas = ORDINARY if code == ReasonCode.BARRED else disclosed.quotas
    own = [cutoff for cutoff in cutoffs if cutoff.quota in quotas]
    seats = sum(cutoff.seats for cutoff in own)
    reason = Reason(rank, programme, ReasonCode(code), place, seats, None, None, barred or None)
    last = max((one for one in own if one.last_place is not None), key=attrgetter("last_place"), default=None)
    if last is None:
        return reason, False
    # The disclosure shows the last score of ordinary quotas alone.
    is_score_hidden = not last.is_public or last.quota not in ORDINARY
    score = tuple(last.last_score) if last.last_score and disclosed.with_scores and not is_score_hidden else None
    return reason._replace(last_place=last.last_place, last_score=score), is_score_hidden and disclosed.with_scores


def scores_are_public(at: datetime) -> bool:
    """Whether the rule allows last scores to be published."""
    return rule_at(at, policy_keys.LAST_SCORE).value
