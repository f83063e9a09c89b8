"""Results decided by the exam board: a file is stored, then loaded, then conflicts are decided.
(R3.09, F-D12)
"""

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from yangguang.actions.admissions.seats import QUOTAS_OF_ROUND, SeatingResult, admit_many, lock_quotas
from yangguang.actions.base.action import action, dual_action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.messages.enqueue import enqueue_sql
from yangguang.models import ImportDecision, ImportedResult, ImportFile, Round
from yangguang.postgres.sql import execute, fetch_all
from yangguang.queries.admissions.exam_board_conflicts import OTHER_NAME
from yangguang.queries.admissions.exam_board_results import CheckedRow, ImportedRow, check_confirmed_person, check_rows
from yangguang.queries.seasons.windows import find_answer_deadline
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.folding import fold_text
from yangguang.rules.base.free_text import clean_text
from yangguang.rules.base.refusals import NotFound, Refused
from yangguang.rules.runs.rounds import RoundKind
from yangguang.rules.seasons.windows import format_instant


@dataclass(frozen=True, slots=True)
class LoadResult:
    """How many rows of a file were admitted, and number and reason of each other row."""

    admitted: int
    conflicts: tuple[tuple[int, str], ...]


# A row in conflict is replaced by that of a later file; an admitted or decided one never changes.
_STORE = """
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
_MARK_LATE = """
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
_HOLDS_SEAT = "该生本年度已占用一个名额"


@action("imported.check_file", Right.IMPORTED_RESULT_CHECK)
def check_file(
    entry: AuditRecord, *, by: Actor, round: Round, profile: str, rows: Sequence[ImportedRow], digest: str
) -> ImportFile:
    """Store the file for the two officers who load it; no person is admitted by this.

    Args:
        profile: code of the column profile it was read with.
        digest: SM3 of its bytes in hex.
    Returns:
        the file; the same bytes give the same file again.
    Raises:
        Refused: another kind of round, or this file was loaded already.
    """
    _require_new(round, digest)
    entry.set_subject(round)
    entry.add_facts(digest=digest, rows=len(rows))
    stored: ImportFile | None = ImportFile.objects.filter(round=round, digest=digest).first()
    if stored is not None:
        entry.add_facts(again=True)
        return stored
    content = json.dumps([astuple(row) for row in rows], ensure_ascii=False, separators=(",", ":"))
    values = {"profile": profile, "digest": digest, "size": len(rows), "content": content}
    file: ImportFile = ImportFile.objects.create(round=round, uploaded_by_id=by.require_account(), **values)
    return file


def _require_new(round: Round, digest: str) -> None:
    """Raise Refused for another kind of round, or when the file was loaded already."""
    if round.kind != RoundKind.IMPORTED:
        raise Refused(f"“{round.name}”不是考试机构录取的批次", now="请选择由考试机构录取的批次")
    if ImportedResult.objects.filter(round=round, file_digest=digest).exists():
        raise Refused("这个文件已经导入过", why="同一份结果只导入一次", now="请核对是否选错了文件", where="file")


@dual_action("imported.load", Right.IMPORTED_RESULT_LOAD)
def load(entry: AuditRecord, *, by: Actor, round: Round, rows: Sequence[ImportedRow], digest: str) -> LoadResult:
    """Load the exam board's file: matching rows are admitted with a message, every other row is stored with its reason.

    Args:
        rows: the whole file.
        digest: SM3 of the file in hex, which identifies it in the log.
    Raises:
        Refused: another kind of round, an empty file, or the same file again.
    """
    round = _lock_round(round)
    _require_new(round, digest)
    if not rows:
        raise Refused("文件里没有任何一行结果", now="请核对文件后重新导入")
    params = _build_params(round, digest)
    lock_quotas(QUOTAS_OF_ROUND, params)
    checked = check_rows(round, rows, entry.at)
    _store(checked, params)
    result, late = _admit(round, params, entry.at)
    conflicts = [(one.source.row, one.conflict) for one in checked if one.conflict]
    conflicts += [(row, _HOLDS_SEAT) for row in late]
    entry.set_subject(round)
    entry.add_facts(digest=digest, rows=len(rows), admitted=result.seated, conflicts=len(conflicts))
    return LoadResult(result.seated, tuple(sorted(conflicts)))


@load.preflight
def _(at: datetime, *, by: Actor, round: Round, rows: Sequence[ImportedRow], digest: str) -> None:
    _require_new(round, digest)


@dual_action("imported.settle", Right.IMPORTED_RESULT_LOAD, replaces=("round", "digest", "row"))
def decide(
    entry: AuditRecord, *, by: Actor, round: Round, digest: str, row: int, verdict: ImportDecision.Verdict, reason: str
) -> ImportDecision:
    """Decide a row in conflict: admit because it is the same person, or dismiss it.

    Args:
        digest, row: the file and the number of the row.
        reason: what was checked, without numbers of persons.
    Raises:
        NotFound: no such row.
        Refused: decided already, no reason, or a conflict for which this verdict is not allowed.
    """
    round = _lock_round(round)
    rows = ImportedResult.objects.select_for_update()
    result = _require_open(rows.filter(round=round, file_digest=digest, row=row).first(), verdict)
    text = clean_text(reason, where="reason", most=200)
    if not text:
        raise Refused("没有写明理由", now="请写明核对了什么", where="reason")
    values = {"conflict": result.conflict, "reason": text, "decided_by_id": by.require_account()}
    if verdict == ImportDecision.Verdict.SAME_PERSON:
        _admit_confirmed_person(round, result, entry.at)
    decision: ImportDecision = ImportDecision.objects.create(result=result, verdict=verdict, **values)
    entry.set_subject(round)
    entry.add_facts(digest=digest, row=row, verdict=verdict.value)
    return decision


@decide.preflight
def _(
    at: datetime, *, by: Actor, round: Round, digest: str, row: int, verdict: ImportDecision.Verdict, reason: str
) -> None:
    _require_open(ImportedResult.objects.filter(round=round, file_digest=digest, row=row).first(), verdict)


def _admit_confirmed_person(round: Round, result: ImportedResult, at: datetime) -> None:
    params = _build_params(round, result.file_digest) | {"only": result.pk}
    lock_quotas(QUOTAS_OF_ROUND, params)
    if conflict := check_confirmed_person(round, result, at):
        raise Refused(f"不能办理：{conflict}", now="请核对后再决定，或选择不办理")
    ImportedResult.objects.filter(pk=result.pk).update(conflict="")
    _, late = _admit(round, params, at)
    if late:
        raise Refused(_HOLDS_SEAT, now="请刷新页面查看")


def _require_open(result: ImportedResult | None, verdict: ImportDecision.Verdict) -> ImportedResult:
    """The row, if it waits for a decision and this one is possible."""
    if result is None:
        raise NotFound("没有找到这一行", now="请从导入冲突的列表重新进入")
    if not result.conflict or ImportDecision.objects.filter(result=result).exists():
        raise Refused("这一行已经办理", now="请刷新页面查看")
    if verdict == ImportDecision.Verdict.SAME_PERSON and result.conflict != OTHER_NAME:
        raise Refused(
            f"这一行不能直接确认：{result.conflict}",
            why="只有姓名写法不同、证件号码相同的，可以核对证件后确认是本人",
            now="请改正后导入更正文件，或选择不办理",
        )
    return result


def _lock_round(round: Round) -> Round:
    return Round.objects.select_related("season").select_for_update(of=("self",)).get(pk=round.pk)


def _build_params(round: Round, digest: str) -> dict[str, object]:
    return {"round": round.pk, "season": round.season_id, "digest": digest, "only": None}


def _admit(round: Round, params: dict[str, object], at: datetime) -> tuple[SeatingResult, list[int]]:
    """Admit and tell everyone without a conflict; also the rows whose person got another seat meanwhile."""
    answer_by = find_answer_deadline(round, at)
    result = admit_many(_OFFERS, params, year=round.season.year, round=round.pk, at=at, answer_by=answer_by)
    late = {"why": _HOLDS_SEAT, "numbers": list(result.skipped)}
    rows = [row.row for row in fetch_all(_MARK_LATE, params | late)] if result.skipped else []
    until = "" if answer_by is None else f"，请于{format_instant(answer_by, closing=True)}前登录应答"
    text = f"【阳光招生】考试机构录取结果已导入：您被%s%s专业录取{until}。"
    execute(_TELL, params | {"text": text})
    return result, rows


def _store(checked: list[CheckedRow], params: dict[str, object]) -> None:
    """Store one row for each person; of a person named twice the first row, with that as its conflict."""
    first: dict[bytes, CheckedRow] = {}
    for one in checked:
        first.setdefault(one.id_hash, one)
    rows = list(first.values())
    columns = {
        "rows": [one.source.row for one in rows],
        "hashes": list(first),
        "names": [fold_text(one.source.name) for one in rows],
        "programmes": [None if one.programme is None else one.programme.id for one in rows],
        "conflicts": [one.conflict for one in rows],
    }
    execute(_STORE, params | columns)
