"""Results decided by the exam board (3+2, five-year): matched by identity, conflicts listed, nothing twice. (D12)"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yangguang.actions.entry import Entry
from yangguang.actions.import_conflicts import Facts, Line, conflict_of
from yangguang.actions.kernel import action
from yangguang.actions.publication import answer_by_of
from yangguang.actions.seating import Taken, lock_buckets, take_many
from yangguang.models import ImportedResult, Round
from yangguang.models.fields import blind
from yangguang.queries.policy import Rule, rules_at
from yangguang.queries.rows import fetch_all
from yangguang.rules import id_number
from yangguang.rules.actors import Actor
from yangguang.rules.patterns import Pattern
from yangguang.rules.refusals import Refused
from yangguang.rules.rights import Right
from yangguang.rules.rounds import RoundKind
from yangguang.rules.windows import say_instant


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """One line of the file as it was read.

    Args:
        row: its line in the file, from 1.
        id_number: in any spelling.
        school, major: as the plan calls them; college: 录取院校 (the partner of 3+2), "" when not given.
        pattern: "3+2" or "五年一贯制", "" when the file does not say.
    """

    row: int
    id_number: str
    name: str
    school: str
    major: str
    college: str = ""
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a file: how many were admitted, and for every other line its number and why."""

    rows: int
    admitted: int
    conflicts: tuple[tuple[int, str], ...]


_FACTS = """
SELECT p.id_hash, p.name, p.id, a.id, a.track, a.state, a.origin, a.scores[1],
       EXISTS (SELECT 1 FROM yangguang_seatclaim AS c WHERE c.person_root_id = coalesce(p.root_id, p.id)
               AND c.intake_year = %(year)s AND c.state IN ('HELD', 'CONFIRMED')),
       EXISTS (SELECT 1 FROM yangguang_identitycase WHERE state = 'OPEN' AND (person_id = p.id OR other_id = p.id)),
       EXISTS (SELECT 1 FROM yangguang_importedresult AS i
               WHERE i.round_id = %(round)s AND i.id_hash = p.id_hash AND i.conflict = '')
FROM yangguang_person AS p
LEFT JOIN yangguang_application AS a ON a.person_id = p.id AND a.season_id = %(season)s
WHERE p.id_hash = ANY(%(hashes)s)
"""
_LINES = """
SELECT u.name, l.major, l.pattern, l.partner, l.id, b.id, b.seats - b.taken
FROM yangguang_roundline AS rl
JOIN yangguang_planline AS l ON l.id = rl.plan_line_id
JOIN yangguang_plan AS p ON p.id = l.plan_id AND p.state = 'PUBLISHED'
JOIN yangguang_unit AS u ON u.id = p.school_id
JOIN LATERAL (SELECT id, seats, taken FROM yangguang_planbucket
              WHERE plan_line_id = l.id ORDER BY code <> 'general', priority LIMIT 1) AS b ON true
WHERE rl.round_id = %(round)s
"""
_BUCKETS = """
SELECT b.id FROM yangguang_planbucket AS b JOIN yangguang_roundline AS rl ON rl.plan_line_id = b.plan_line_id
WHERE rl.round_id = %(round)s
"""
# A line that was in conflict before is decided anew by the later file; an admitted one never changes.
_KEEP = """
INSERT INTO yangguang_importedresult (round_id, file_digest, row, id_hash, name, plan_line_id, conflict)
SELECT %(round)s, %(digest)s, r.row, r.id_hash, r.name, r.line, r.conflict
FROM unnest(%(rows)s::int[], %(hashes)s::bytea[], %(names)s::text[], %(lines)s::bigint[], %(conflicts)s::text[])
     AS r(row, id_hash, name, line, conflict)
ON CONFLICT (round_id, id_hash) DO UPDATE SET file_digest = excluded.file_digest, row = excluded.row,
    name = excluded.name, plan_line_id = excluded.plan_line_id, conflict = excluded.conflict
    WHERE yangguang_importedresult.conflict <> ''
"""
_OFFERS = """
SELECT a.number, a.id AS application_id, a.person_id, coalesce(p.root_id, p.id) AS root_id,
       plan.school_id, i.plan_line_id, b.id AS bucket_id, NULL::smallint AS rank, NULL::bigint AS run_id,
       i.id AS imported_id
FROM yangguang_importedresult AS i
JOIN yangguang_person AS p ON p.id_hash = i.id_hash
JOIN yangguang_application AS a ON a.person_id = p.id AND a.season_id = %(season)s
JOIN yangguang_planline AS l ON l.id = i.plan_line_id
JOIN yangguang_plan AS plan ON plan.id = l.plan_id
JOIN LATERAL (SELECT id FROM yangguang_planbucket
              WHERE plan_line_id = l.id ORDER BY code <> 'general', priority LIMIT 1) AS b ON true
WHERE i.round_id = %(round)s AND i.file_digest = %(digest)s AND i.conflict = ''
ORDER BY a.number COLLATE "C"
"""
_LATE = """
UPDATE yangguang_importedresult AS i SET conflict = %(why)s
FROM yangguang_person AS p JOIN yangguang_application AS a ON a.person_id = p.id
WHERE i.round_id = %(round)s AND p.id_hash = i.id_hash AND a.number = ANY(%(numbers)s)
  AND a.season_id = %(season)s
RETURNING i.row
"""
_TELL = """
INSERT INTO yangguang_message (person_id, event, subject, text, state, tries, provider_id)
SELECT m.person_id, 'imported.load', 'round:' || r.public_id, format(%(text)s, u.name, l.major), 'QUEUED', 0, ''
FROM yangguang_admission AS m
JOIN yangguang_importedresult AS i ON i.id = m.imported_id AND i.file_digest = %(digest)s
JOIN yangguang_round AS r ON r.id = m.round_id
JOIN yangguang_planline AS l ON l.id = m.plan_line_id
JOIN yangguang_unit AS u ON u.id = m.school_id
WHERE m.round_id = %(round)s
ON CONFLICT (person_id, event, subject) DO NOTHING
"""
_HELD = "该生本年度已占用一个名额"


@action("imported.load", Right.IMPORTED_RESULT_LOAD)
def load(entry: Entry, *, by: Actor, round: Round, rows: Sequence[ImportedRow], digest: str) -> Loaded:
    """Take the exam board's file over: who matches is admitted and told, every other line is kept with its reason.

    Args:
        rows: the whole file; digest: SM3 of the file in hex, which names it in the log.
    Raises:
        Refused: not a round of this kind, an empty file, or the same file again.
    """
    round = Round.objects.select_related("season").select_for_update(of=("self",)).get(pk=round.pk)
    _require_new(round, rows, digest)
    params = {"round": round.pk, "season": round.season_id, "year": round.season.year, "digest": digest}
    lock_buckets(_BUCKETS, params)
    judged = _judge(round, rows, params, entry.at)
    _keep(judged, params)
    answer_by = answer_by_of(round, entry.at)
    taken = take_many(
        _OFFERS, params, year=round.season.year, round=round.pk, at=entry.at, answer_by=answer_by
    )
    late = _late(taken, params)
    until = "" if answer_by is None else f"，请于{say_instant(answer_by, closing=True)}前登录应答"
    text = f"【阳光招生】考试机构录取结果已导入：您被%s%s专业录取{until}。"
    fetch_all(_TELL, params | {"text": text})
    conflicts = sorted([(row.row, why) for row, _, _, why in judged if why] + [(row, _HELD) for row in late])
    entry.about(round)
    entry.says(digest=digest, rows=len(rows), admitted=taken.seated, conflicts=len(conflicts))
    return Loaded(len(rows), taken.seated, tuple(conflicts))


Judged = tuple[ImportedRow, bytes, Line | None, str]
"""A row, the blind index of its identity, its line, and why it is not admitted ("" when it is)."""


def _require_new(round: Round, rows: Sequence[ImportedRow], digest: str) -> None:
    if round.kind != RoundKind.IMPORTED:
        raise Refused(f"“{round.name}”不是考试机构录取的批次", now="请选择3+2、五年一贯制的批次")
    if not rows:
        raise Refused("文件里没有任何一行结果", now="请核对文件后重新导入")
    if ImportedResult.objects.filter(round=round, file_digest=digest).exists():
        raise Refused("这个文件已经导入过", why="同一份结果只导入一次", now="请核对是否选错了文件")


def _judge(round: Round, rows: Sequence[ImportedRow], params: dict[str, Any], at: datetime) -> list[Judged]:
    """Every row with its line and its conflict, in the order of the file; free seats go in that order, too."""
    hashes = [_mark(row) for row in rows]
    facts = {
        bytes(row[0]): Facts(*row[1:]) for row in fetch_all(_FACTS, params | {"hashes": list(set(hashes))})
    }
    lines: dict[tuple[str, str], list[Line]] = defaultdict(list)
    free: dict[int, int] = {}
    for school, major, pattern, partner, line, bucket, left in fetch_all(_LINES, params):
        lines[school, major].append(Line(line, Pattern(pattern), partner, bucket))
        free[bucket] = left
    where: dict[bytes, list[int]] = defaultdict(list)
    for row, mark in zip(rows, hashes, strict=True):
        where[mark].append(row.row)
    rules = rules_at(at, "imported.origins", "imported.score_floor")
    judged: list[Judged] = []
    for row, mark in zip(rows, hashes, strict=True):
        named = [line for line in lines[row.school.strip(), row.major.strip()] if _fits(row, line)]
        line = named[0] if len(named) == 1 else None
        why = conflict_of(row.name, facts.get(mark), named, where[mark], _rules(rules, line))
        if not why and line is not None:
            free[line.bucket] -= 1
            why = "" if free[line.bucket] >= 0 else "这个专业的名额已满"
        judged.append((row, mark, line, why))
    return judged


def _fits(row: ImportedRow, line: Line) -> bool:
    pattern, college = row.pattern.strip(), row.college.strip()
    return pattern in ("", line.pattern.label) and (not line.partner or college in ("", line.partner))


def _rules(rules: dict[tuple[str, str], Rule], line: Line | None) -> tuple[list[str], int | None, str]:
    """Allowed origins, the floor of the line's pattern and the clause of the floor."""
    origins = [value for (key, _), rule in rules.items() if key == "imported.origins" for value in rule.value]
    floor = None if line is None else rules.get(("imported.score_floor", line.pattern.label))
    return origins, None if floor is None else int(floor.value), "" if floor is None else floor.cited


def _mark(row: ImportedRow) -> bytes:
    """The blind index of the canonical number; of the text as it stands when that is no number."""
    try:
        return blind(id_number.read(row.id_number).number)
    except Refused:
        return blind(f"?{row.id_number.strip()[:64]}")


def _keep(judged: list[Judged], params: dict[str, Any]) -> None:
    """One stored row a person: of a person named twice, the first line, with the conflict that says so."""
    first: dict[bytes, Judged] = {}
    for one in judged:
        first.setdefault(one[1], one)
    kept = list(first.values())
    columns = {
        "rows": [row.row for row, _, _, _ in kept],
        "hashes": [mark for _, mark, _, _ in kept],
        "names": [row.name.strip()[:40] for row, _, _, _ in kept],
        "lines": [None if line is None else line.key for _, _, line, _ in kept],
        "conflicts": [why[:120] for _, _, _, why in kept],
    }
    fetch_all(_KEEP, params | columns)


def _late(taken: Taken, params: dict[str, Any]) -> list[int]:
    """Whoever took a seat elsewhere in this very moment is a conflict like any other."""
    if not taken.skipped:
        return []
    return [row for (row,) in fetch_all(_LATE, params | {"why": _HELD, "numbers": list(taken.skipped)})]
