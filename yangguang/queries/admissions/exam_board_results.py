"""Rows of the exam board's file checked against the stored applications and programmes; reads only. (F-D12)"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from yangguang.models import ImportedResult, Round
from yangguang.models.base.fields import blind
from yangguang.postgres.sql import fetch_all
from yangguang.queries.admissions.exam_board_conflicts import KnownPerson, OfferedProgramme, Requirements, find_conflict
from yangguang.queries.admissions.seat_reservations import HAS_CASE, HOLDS_SEAT
from yangguang.queries.seasons.policy_rules import RulesInForce, rules_at
from yangguang.rules.base import id_number
from yangguang.rules.base.folding import fold_label, fold_number
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.policy_scope import Axis

FULL = "这个专业的名额已满"
INVALID = "证件号码无效"


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """One row of the file as it was read.

    Args:
        row: its number in the file, from 1.
        id_number: in any spelling.
        school, major: as in the plan, in any width of brackets and with any blanks.
        college: 录取院校 (the partner of 3+2), "" when not given.
        programme_type: the label of a `ProgrammeType`, "" when not given.
        school_code: decides between schools of one name, "" when not given.
    """

    row: int
    id_number: str
    name: str
    school: str
    major: str
    college: str = ""
    programme_type: str = ""
    school_code: str = ""


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row with its blind index and its programme; `conflict` is "" when the row can be carried out."""

    source: ImportedRow
    id_hash: bytes
    programme: OfferedProgramme | None
    conflict: str


_PERSONS = f"""
SELECT me.id_hash, me.name, me.id AS person, a.id AS application, a.track, a.state, a.origin, a.scores[1] AS total,
       {HOLDS_SEAT} AS holds_seat, {HAS_CASE} AS in_case,
       EXISTS (SELECT 1 FROM yangguang_importedresult AS i
               WHERE i.round_id = %(round)s AND i.id_hash = me.id_hash AND i.conflict = '') AS admitted,
       EXISTS (SELECT 1 FROM yangguang_importedresult AS i JOIN yangguang_importdecision AS d ON d.result_id = i.id
               WHERE i.round_id = %(round)s AND i.id_hash = me.id_hash AND d.verdict = 'DISMISSED') AS dismissed
FROM yangguang_person AS me JOIN yangguang_season AS s ON s.id = %(season)s
LEFT JOIN yangguang_application AS a ON a.person_id = me.id AND a.season_id = s.id
WHERE me.id_hash = ANY(%(hashes)s)
"""
_PROGRAMMES = """
SELECT u.name AS school, u.code AS school_code, l.major, l.programme_type, l.partner, l.id,
       b.id AS quota, b.seats - b.taken AS free, area_names(u.path) AS areas
FROM yangguang_roundprogramme AS rl
JOIN yangguang_programme AS l ON l.id = rl.programme_id
JOIN yangguang_plan AS p ON p.id = l.plan_id AND p.state = 'PUBLISHED'
JOIN yangguang_unit AS u ON u.id = p.school_id
JOIN LATERAL (SELECT id, seats, taken FROM yangguang_quota
              WHERE programme_id = l.id ORDER BY code <> 'general', priority LIMIT 1) AS b ON true
WHERE rl.round_id = %(round)s
"""
_RULES = (policy_keys.IMPORTED_ORIGINS, policy_keys.SCORE_FLOOR)
Programmes = dict[tuple[str, str], list[OfferedProgramme]]
"""School and major, both as `fold_label`, to the programmes of the round."""


def check_rows(round: Round, rows: Sequence[ImportedRow], at: datetime) -> list[CheckedRow]:
    """Every row with its programme and conflict, in the order of the file; seats are given in that order, too."""
    identities = [_identify(row) for row in rows]
    persons, programmes = _read_persons(round, {id_hash for id_hash, _ in identities}), _read_programmes(round)
    rules = rules_at(at, *_RULES)
    numbers: dict[bytes, list[int]] = defaultdict(list)
    for row, (id_hash, _) in zip(rows, identities, strict=True):
        numbers[id_hash].append(row.row)
    left = {one.quota: one.free for same in programmes.values() for one in same}
    checked = []
    for row, (id_hash, invalid) in zip(rows, identities, strict=True):
        similar = programmes.get((fold_label(row.school), fold_label(row.major)), [])
        fitting = [one for one in similar if _fits(row, one)]
        programme = fitting[0] if len(fitting) == 1 else None
        known, requirements = persons.get(id_hash), _build_requirements(rules, programme)
        conflict = invalid or find_conflict(
            row.name, known, fitting, numbers[id_hash], requirements, has_similar=bool(similar)
        )
        if not conflict and programme is not None:
            left[programme.quota] -= 1
            conflict = "" if left[programme.quota] >= 0 else FULL
        checked.append(CheckedRow(row, id_hash, programme, conflict))
    return checked


def check_confirmed_person(round: Round, result: ImportedResult, at: datetime) -> str:
    """The conflict of a stored row once officers have confirmed that it is the same person; "" when there is none."""
    known = _read_persons(round, [bytes(result.id_hash)]).get(bytes(result.id_hash))
    programmes = [one for same in _read_programmes(round).values() for one in same]
    programme = next((one for one in programmes if one.id == result.programme_id), None)
    if known is None or programme is None:
        return find_conflict("", known, [], [result.row], Requirements())
    requirements = _build_requirements(rules_at(at, *_RULES), programme)
    conflict = find_conflict(known.name, known, [programme], [result.row], requirements)
    return conflict or ("" if programme.free > 0 else FULL)


def _read_persons(round: Round, hashes: Collection[bytes]) -> dict[bytes, KnownPerson]:
    params = {"round": round.pk, "season": round.season_id, "hashes": list(hashes)}
    rows = [row._asdict() for row in fetch_all(_PERSONS, params)]
    return {bytes(row.pop("id_hash")): KnownPerson(**row) for row in rows}


def _read_programmes(round: Round) -> Programmes:
    programmes: Programmes = defaultdict(list)
    for row in fetch_all(_PROGRAMMES, {"round": round.pk}):
        kind = ProgrammeType(row.programme_type)
        areas = tuple(row.areas)
        programme = OfferedProgramme(row.id, kind, row.partner, row.quota, row.free, areas, row.school_code)
        programmes[fold_label(row.school), fold_label(row.major)].append(programme)
    return programmes


def _fits(row: ImportedRow, programme: OfferedProgramme) -> bool:
    """Whether what the row states of school code, type and college agrees with the programme."""
    stated = [
        (row.programme_type, programme.programme_type.label),
        (row.school_code, programme.school_code),
        (row.college if programme.partner else "", programme.partner),
    ]
    return all(fold_label(text) in ("", fold_label(known)) for text, known in stated)


def _build_requirements(rules: RulesInForce, programme: OfferedProgramme | None) -> Requirements:
    """What the rules in force require at this programme; nothing where no programme is meant."""
    if programme is None:
        return Requirements()
    facts = {Axis.PROGRAMME_TYPE: [programme.programme_type.label], Axis.AREA: programme.areas}
    origins, floor = rules.get(policy_keys.IMPORTED_ORIGINS, facts), rules.get(policy_keys.SCORE_FLOOR, facts)
    return Requirements(origins.value, floor.value, floor.citation)


def _identify(row: ImportedRow) -> tuple[bytes, str]:
    """The blind index of the identity number, and why the number is invalid, "" when it is valid.

    An invalid number has the index of its text; the sentence does not contain the number.
    """
    try:
        return blind(id_number.read(row.id_number).number), ""
    except Refused as refusal:
        return blind(f"?{fold_number(row.id_number)}"), f"{INVALID}（{refusal.what}）"
