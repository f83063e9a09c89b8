"""Results decided by the exam board (3+2, five-year): matched by identity, conflicts listed, nothing twice.
(R3.09, F-D12)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yangguang.actions.admissions.seats import Taken, lock_quotas, take_many
from yangguang.actions.base.acting_unit import account_of
from yangguang.actions.base.action import dual_action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.messages.enqueue import enqueue_sql
from yangguang.models import ImportDecision, ImportedResult, Round
from yangguang.postgres.sql import execute, fetch_all
from yangguang.queries.admissions.exam_board_conflicts import OTHER_NAME
from yangguang.queries.admissions.exam_board_results import ImportedRow as ImportedRow
from yangguang.queries.admissions.exam_board_results import Judged, judge, judge_as_same_person
from yangguang.queries.seasons.windows import find_answer_deadline
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.free_text import clean_text
from yangguang.rules.base.refusals import NotFound, Refused
from yangguang.rules.seasons.rounds import RoundKind
from yangguang.rules.seasons.windows import format_instant


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a file: how many were admitted, and for every other programme its number and why."""

    rows: int
    admitted: int
    conflicts: tuple[tuple[int, str], ...]


_QUOTAS = """
SELECT b.id FROM yangguang_quota AS b JOIN yangguang_roundprogramme AS rl ON rl.programme_id = b.programme_id
WHERE rl.round_id = %(round)s
"""
# A programme that was in conflict before is decided anew by the later file; an admitted one never changes.
_KEEP = """
INSERT INTO yangguang_importedresult (round_id, file_digest, row, id_hash, name, programme_id, conflict)
SELECT %(round)s, %(digest)s, r.row, r.id_hash, r.name, r.programme, r.conflict
FROM unnest(%(rows)s::int[], %(hashes)s::bytea[], %(names)s::text[], %(programmes)s::bigint[], %(conflicts)s::text[])
     AS r(row, id_hash, name, programme, conflict)
ON CONFLICT (round_id, id_hash) DO UPDATE SET file_digest = excluded.file_digest, row = excluded.row,
    name = excluded.name, programme_id = excluded.programme_id, conflict = excluded.conflict
    WHERE yangguang_importedresult.conflict <> ''
      AND NOT EXISTS (SELECT 1 FROM yangguang_importdecision AS d WHERE d.result_id = yangguang_importedresult.id)
"""
_OFFERS = """
SELECT a.number, a.id AS application_id, a.person_id, p.root_id,
       plan.school_id, i.programme_id, b.id AS quota_id, NULL::smallint AS rank, NULL::bigint AS run_id,
       i.id AS imported_id
FROM yangguang_importedresult AS i
JOIN yangguang_person AS p ON p.id_hash = i.id_hash
JOIN yangguang_application AS a ON a.person_id = p.id AND a.season_id = %(season)s
JOIN yangguang_programme AS l ON l.id = i.programme_id
JOIN yangguang_plan AS plan ON plan.id = l.plan_id
JOIN LATERAL (SELECT id FROM yangguang_quota
              WHERE programme_id = l.id ORDER BY code <> 'general', priority LIMIT 1) AS b ON true
WHERE i.round_id = %(round)s AND i.file_digest = %(digest)s AND i.conflict = ''
  AND (%(only)s::bigint IS NULL OR i.id = %(only)s)
ORDER BY a.number COLLATE "C"
"""
_LATE = """
UPDATE yangguang_importedresult AS i SET conflict = %(why)s
FROM yangguang_person AS p JOIN yangguang_application AS a ON a.person_id = p.id
WHERE i.round_id = %(round)s AND p.id_hash = i.id_hash AND a.number = ANY(%(numbers)s)
  AND a.season_id = %(season)s
RETURNING i.row
"""
_TELL = enqueue_sql("""
SELECT m.person_id, 'imported.load' AS event, 'round:' || r.public_id AS subject,
       format(%(text)s, u.name, l.major) AS text
FROM yangguang_admission AS m
JOIN yangguang_importedresult AS i ON i.id = m.imported_id AND i.file_digest = %(digest)s
JOIN yangguang_round AS r ON r.id = m.round_id
JOIN yangguang_programme AS l ON l.id = m.programme_id
JOIN yangguang_unit AS u ON u.id = m.school_id
WHERE m.round_id = %(round)s
""")
_HELD = "该生本年度已占用一个名额"


@dual_action("imported.load", Right.IMPORTED_RESULT_LOAD)
def load(entry: AuditRecord, *, by: Actor, round: Round, rows: Sequence[ImportedRow], digest: str) -> Loaded:
    """Take the exam board's file over: who matches is admitted and told, every other programme is kept with its reason.

    Args:
        rows: the whole file; digest: SM3 of the file in hex, which names it in the log.
    Raises:
        Refused: not a round of this kind, an empty file, or the same file again.
    """
    round = Round.objects.select_related("season").select_for_update(of=("self",)).get(pk=round.pk)
    _require_new(round, rows, digest)
    params = _params(round, digest)
    lock_quotas(_QUOTAS, params)
    judged = judge(round, rows, entry.at)
    _keep(judged, params)
    taken, late = _admit(round, params, entry.at)
    conflicts = sorted([(row.row, why) for row, _, _, why in judged if why] + [(row, _HELD) for row in late])
    entry.set_subject(round)
    entry.add_facts(digest=digest, rows=len(rows), admitted=taken.seated, conflicts=len(conflicts))
    return Loaded(len(rows), taken.seated, tuple(conflicts))


@dual_action("imported.settle", Right.IMPORTED_RESULT_LOAD)
def settle(
    entry: AuditRecord,
    *,
    by: Actor,
    round: Round,
    digest: str,
    row: int,
    verdict: ImportDecision.Verdict,
    reason: str,
) -> ImportDecision:
    """Decide one programme that could not be carried out: it is the same person after all, or nothing is done about it.

    Args:
        digest, row: the file and its programme. reason: what was looked at; kept, without numbers of persons.
    Raises:
        Refused: decided already, no reason, or not a conflict that people may settle this way.
    """
    round = Round.objects.select_related("season").select_for_update(of=("self",)).get(pk=round.pk)
    found = (
        ImportedResult.objects.select_for_update().filter(round=round, file_digest=digest, row=row).first()
    )
    was = _require_open(found, verdict)
    assert found is not None
    words = clean_text(reason, where="reason")[:200]
    if not words:
        raise Refused("没有写明理由", now="请写明核对了什么", where="reason")
    if verdict == ImportDecision.Verdict.SAME_PERSON:
        params = _params(round, digest) | {"only": found.pk}
        lock_quotas(_QUOTAS, params)
        if why := judge_as_same_person(round, found, entry.at):
            raise Refused(f"不能办理：{why}", now="请核对后再决定，或选择不办理")
        ImportedResult.objects.filter(pk=found.pk).update(conflict="")
        if _admit(round, params, entry.at)[1]:
            raise Refused(_HELD, now="请刷新页面查看")
    made: ImportDecision = ImportDecision.objects.create(
        result=found, verdict=verdict, conflict=was, reason=words, decided_by_id=account_of(by)
    )
    entry.set_subject(round)
    entry.add_facts(digest=digest, row=row, verdict=verdict.value)
    return made


def _require_open(found: ImportedResult | None, verdict: ImportDecision.Verdict) -> str:
    """The conflict of a programme that waits for a decision."""
    if found is None:
        raise NotFound("没有找到这一行", now="请从导入冲突的列表重新进入")
    if not found.conflict or ImportDecision.objects.filter(result=found).exists():
        raise Refused("这一行已经办理", now="请刷新页面查看")
    if verdict == ImportDecision.Verdict.SAME_PERSON and found.conflict != OTHER_NAME:
        raise Refused(
            f"这一行不能直接确认：{found.conflict}",
            why="只有姓名写法不同、证件号码相同的，可以核对证件后确认是本人",
            now="请改正后导入更正文件，或选择不办理",
        )
    return found.conflict


def _params(round: Round, digest: str) -> dict[str, Any]:
    return {
        "round": round.pk, "season": round.season_id, "year": round.season.year, "digest": digest, "only": None
    }  # fmt: skip


def _admit(round: Round, params: dict[str, Any], at: datetime) -> tuple[Taken, list[int]]:
    """RoleAssignment and tell who has no conflict; returns also the programmes of those who took a seat elsewhere meanwhile."""
    answer_by = find_answer_deadline(round, at)
    taken = take_many(_OFFERS, params, year=round.season.year, round=round.pk, at=at, answer_by=answer_by)
    late = _late(taken, params)
    until = "" if answer_by is None else f"，请于{format_instant(answer_by, closing=True)}前登录应答"
    text = f"【阳光招生】考试机构录取结果已导入：您被%s%s专业录取{until}。"
    execute(_TELL, params | {"text": text})
    return taken, late


def _require_new(round: Round, rows: Sequence[ImportedRow], digest: str) -> None:
    if round.kind != RoundKind.IMPORTED:
        raise Refused(f"“{round.name}”不是考试机构录取的批次", now="请选择3+2、五年一贯制的批次")
    if not rows:
        raise Refused("文件里没有任何一行结果", now="请核对文件后重新导入")
    if ImportedResult.objects.filter(round=round, file_digest=digest).exists():
        raise Refused("这个文件已经导入过", why="同一份结果只导入一次", now="请核对是否选错了文件")


def _keep(judged: list[Judged], params: dict[str, Any]) -> None:
    """One stored row a person: of a person named twice, the first programme, with the conflict that says so."""
    first: dict[bytes, Judged] = {}
    for one in judged:
        first.setdefault(one[1], one)
    kept = list(first.values())
    columns = {
        "rows": [row.row for row, _, _, _ in kept],
        "hashes": [mark for _, mark, _, _ in kept],
        "names": [row.name.strip()[:40] for row, _, _, _ in kept],
        "programmes": [None if programme is None else programme.key for _, _, programme, _ in kept],
        "conflicts": [why[:120] for _, _, _, why in kept],
    }
    execute(_KEEP, params | columns)


def _late(taken: Taken, params: dict[str, Any]) -> list[int]:
    """Whoever took a seat elsewhere in this very moment is a conflict like any other."""
    if not taken.skipped:
        return []
    return [row for (row,) in fetch_all(_LATE, params | {"why": _HELD, "numbers": list(taken.skipped)})]
