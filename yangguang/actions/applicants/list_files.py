"""Checks files of scores and of outside lists, and keeps them sealed for the officers who load them. (R7.05, R5.07)"""

import json
from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

from yangguang.actions.applicants import duplicates, exam_results
from yangguang.actions.applicants.duplicates import OutsideRow
from yangguang.actions.applicants.exam_results import ExamRow
from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import ListFile
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.organisation.external_registers import Register


@action("exam_result.check_file", Right.EXAM_RESULT_CHECK)
def check_scores(entry: AuditRecord, *, by: Actor, year: int, rows: Sequence[ExamRow], digest: str) -> ListFile:
    """Check a list of scores and store it for the two officers who load it; no score changes.

    Args:
        digest: SM3 of the file in hex.
    Returns:
        the file; the same bytes give the same file again.
    Raises:
        BadRows, Refused: as `exam_results.load`.
    """
    summary = exam_results.summarise(by, year, rows)
    return _store(entry, ListFile.FileKind.EXAM_RESULTS, year, "", rows, digest, summary)


@action("outside.check_file", Right.OUTSIDE_LIST_CHECK)
def check_outside(
    entry: AuditRecord, *, by: Actor, year: int, register: Register, rows: Sequence[OutsideRow], digest: str
) -> ListFile:
    """Check an outside list and store it until it is loaded; no seat is claimed.

    Raises:
        BadRows, Refused: as `duplicates.load_outside`.
    """
    summary = duplicates.summarise(year, register, rows, digest)
    return _store(entry, ListFile.FileKind.OUTSIDE, year, register.value, rows, digest, summary)


def _store(
    entry: AuditRecord,
    kind: ListFile.FileKind,
    year: int,
    register: str,
    rows: Sequence[Any],
    digest: str,
    summary: dict[str, int],
) -> ListFile:
    key = {"kind": kind, "year": year, "register": register, "unit_id": entry.by.require_unit(), "digest": digest}
    stored = ListFile.objects.filter(**key).first()
    if stored is None:
        content = json.dumps([astuple(row) for row in rows], ensure_ascii=False, separators=(",", ":"))
        values = {"summary": summary, "content": content, "uploaded_by_id": entry.by.require_account()}
        stored = ListFile.objects.create(**key, **values)
    entry.set_subject(stored)
    entry.add_facts(digest=digest, **summary)
    return stored
