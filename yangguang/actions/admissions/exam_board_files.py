"""Keeping an exam board's file, sealed, until two people have looked at what it would do and load it. (F-D12)"""

import json
from collections.abc import Sequence

from yangguang.actions.base.acting_unit import account_of
from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import ImportedResult, ImportFile, Round
from yangguang.queries.admissions.exam_board_results import ImportedRow
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.rounds import RoundKind


@action("imported.check_file", Right.IMPORTED_RESULT_CHECK)
def check_file(
    entry: AuditRecord, *, by: Actor, round: Round, profile: str, rows: Sequence[ImportedRow], digest: str
) -> ImportFile:
    """Keep the file for the two people who will load it; nobody is admitted and nothing else is written.

    Args:
        profile: code of the column profile it was read with; digest: SM3 of its bytes in hex.
    Returns:
        the file; the same bytes give the same file, whoever brings them.
    Raises:
        Refused: not a round of this kind, or this file was loaded already.
    """
    if round.kind != RoundKind.IMPORTED:
        raise Refused(f"“{round.name}”不是考试机构录取的批次", now="请选择3+2、五年一贯制的批次")
    if ImportedResult.objects.filter(round=round, file_digest=digest).exists():
        raise Refused(
            "这个文件已经导入过", why="同一份结果只导入一次", now="请核对是否选错了文件", where="file"
        )
    entry.set_subject(round)
    entry.add_facts(digest=digest, rows=len(rows))
    known: ImportFile | None = ImportFile.objects.filter(round=round, digest=digest).first()
    if known is not None:
        entry.add_facts(again=True)
        return known
    spelled = [[r.row, r.id_number, r.name, r.school, r.major, r.college, r.programme_type] for r in rows]
    made: ImportFile = ImportFile.objects.create(
        round=round, profile=profile, digest=digest, size=len(rows), uploaded_by_id=account_of(by),
        content=json.dumps(spelled, ensure_ascii=False, separators=(",", ":")),
    )  # fmt: skip
    return made
