"""Store an exam board's file, sealed, until two officers have checked and loaded it. (F-D12)"""

import json
from collections.abc import Sequence
from dataclasses import astuple

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
    """Store the file for the two officers who load it; nobody is admitted.

    Args:
        profile: code of the column profile it was read with.
        digest: SM3 of its bytes in hex.
    Returns:
        the file; the same bytes give the same file again.
    Raises:
        Refused: another kind of round, or this file was loaded already.
    """
    if round.kind != RoundKind.IMPORTED:
        raise Refused(f"“{round.name}”不是考试机构录取的批次", now="请选择3+2、五年一贯制的批次")
    if ImportedResult.objects.filter(round=round, file_digest=digest).exists():
        raise Refused("这个文件已经导入过", why="同一份结果只导入一次", now="请核对是否选错了文件", where="file")
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
