"""The exam board's file against what is known here: each row with its programme and conflict; nothing is written.
(F-D12)
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yangguang.models import ImportedResult, Round
from yangguang.models.base.fields import blind
from yangguang.postgres.sql import fetch_all
from yangguang.queries.admissions.exam_board_conflicts import Facts, Line, conflict_of
from yangguang.queries.seasons.policy_rules import Rule, rules_at
from yangguang.rules.base import id_number
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.programme_types import ProgrammeType

FULL = "这个专业的名额已满"
INVALID = "证件号码无效"


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """One programme of the file as it was read.

    Args:
        row: its programme in the file, from 1.
        id_number: in any spelling.
        school, major: as the plan calls them; college: 录取院校 (the partner of 3+2), "" when not given.
        programme_type: "3+2" or "五年一贯制", "" when the file does not say.
    """

    row: int
    id_number: str
    name: str
    school: str
    major: str
    college: str = ""
    programme_type: str = ""


_FACTS = """
SELECT p.id_hash, p.name, p.id, a.id, a.track, a.state, a.origin, a.scores[1],
       EXISTS (SELECT 1 FROM live_claim AS c WHERE c.person_root_id = p.root_id AND c.intake_year = %(year)s),
       EXISTS (SELECT 1 FROM yangguang_identitycase WHERE state = 'OPEN' AND (person_id = p.id OR other_id = p.id)),
       EXISTS (SELECT 1 FROM yangguang_importedresult AS i
               WHERE i.round_id = %(round)s AND i.id_hash = p.id_hash AND i.conflict = ''),
       EXISTS (SELECT 1 FROM yangguang_importedresult AS i JOIN yangguang_importdecision AS d ON d.result_id = i.id
               WHERE i.round_id = %(round)s AND i.id_hash = p.id_hash AND d.verdict = 'DISMISSED')
FROM yangguang_person AS p
LEFT JOIN yangguang_application AS a ON a.person_id = p.id AND a.season_id = %(season)s
WHERE p.id_hash = ANY(%(hashes)s)
"""
_PROGRAMMES = """
SELECT u.name, l.major, l.programme_type, l.partner, l.id, b.id, b.seats - b.taken
FROM yangguang_roundprogramme AS rl
JOIN yangguang_programme AS l ON l.id = rl.programme_id
JOIN yangguang_plan AS p ON p.id = l.plan_id AND p.state = 'PUBLISHED'
JOIN yangguang_unit AS u ON u.id = p.school_id
JOIN LATERAL (SELECT id, seats, taken FROM yangguang_quota
              WHERE programme_id = l.id ORDER BY code <> 'general', priority LIMIT 1) AS b ON true
WHERE rl.round_id = %(round)s
"""


Judged = tuple[ImportedRow, bytes, Line | None, str]
"""A row, the blind index of its identity, its programme, and why it is not admitted ("" when it is)."""


def judge(round: Round, rows: Sequence[ImportedRow], at: datetime) -> list[Judged]:
    """Every row with its programme and its conflict, in the order of the file; free seats go in that order, too."""
    params = {"round": round.pk, "season": round.season_id, "year": round.season.year}
    hashes = [_mark(row) for row in rows]
    facts = {
        bytes(row[0]): Facts(*row[1:]) for row in fetch_all(_FACTS, params | {"hashes": list(set(hashes))})
    }
    programmes: dict[tuple[str, str], list[Line]] = defaultdict(list)
    free: dict[int, int] = {}
    for school, major, programme_type, partner, programme, quota, left in fetch_all(_PROGRAMMES, params):
        programmes[school, major].append(Line(programme, ProgrammeType(programme_type), partner, quota))
        free[quota] = left
    where: dict[bytes, list[int]] = defaultdict(list)
    for row, mark in zip(rows, hashes, strict=True):
        where[mark].append(row.row)
    rules = rules_at(at, "imported.origins", "imported.score_floor")
    judged: list[Judged] = []
    for row, mark in zip(rows, hashes, strict=True):
        near = programmes[row.school.strip(), row.major.strip()]
        named = [programme for programme in near if _fits(row, programme)]
        programme = named[0] if len(named) == 1 else None
        why = _invalid(row) if mark not in facts else ""
        why = why or conflict_of(
            row.name, facts.get(mark), named, where[mark], _rules(rules, programme), bool(near)
        )
        if not why and programme is not None:
            free[programme.quota] -= 1
            why = "" if free[programme.quota] >= 0 else FULL
        judged.append((row, mark, programme, why))
    return judged


def judge_as_same_person(round: Round, result: ImportedResult, at: datetime) -> str:
    """Why a stored row is not admitted although people have made sure that it is the same person; "" when it is."""
    params = {"round": round.pk, "season": round.season_id, "year": round.season.year}
    known = [Facts(*row[1:]) for row in fetch_all(_FACTS, params | {"hashes": [bytes(result.id_hash)]})]
    programme = next(
        (
            (Line(key, ProgrammeType(programme_type), partner, quota), left)
            for _, _, programme_type, partner, key, quota, left in fetch_all(_PROGRAMMES, params)
            if key == result.programme_id
        ),
        None,
    )
    if not known or programme is None:
        return conflict_of("", known[0] if known else None, [], [result.row], ([], None, ""))
    rules = rules_at(at, "imported.origins", "imported.score_floor")
    why = conflict_of(known[0].name, known[0], [programme[0]], [result.row], _rules(rules, programme[0]))
    return why or ("" if programme[1] > 0 else FULL)


def _fits(row: ImportedRow, programme: Line) -> bool:
    programme_type, college = row.programme_type.strip(), row.college.strip()
    return programme_type in ("", programme.programme_type.label) and (
        not programme.partner or college in ("", programme.partner)
    )


def _rules(rules: dict[tuple[str, str], Rule], programme: Line | None) -> tuple[list[str], int | None, str]:
    """Allowed origins, the floor of the programme's programme_type and the clause of the floor."""
    origins = [value for (key, _), rule in rules.items() if key == "imported.origins" for value in rule.value]
    floor = None if programme is None else rules.get(("imported.score_floor", programme.programme_type.label))
    return origins, None if floor is None else int(floor.value), "" if floor is None else floor.cited


def _invalid(row: ImportedRow) -> str:
    """Why the number can be nobody's, "" when it can; without the number itself."""
    try:
        id_number.read(row.id_number)
    except Refused as refusal:
        return f"{INVALID}（{refusal.what}）"
    return ""


def _mark(row: ImportedRow) -> bytes:
    """The blind index of the canonical number; of the text as it stands when that is no number."""
    try:
        return blind(id_number.read(row.id_number).number)
    except Refused:
        return blind(f"?{row.id_number.strip()[:64]}")
