"""Stored files of scores and outside lists: their rows, and whether they were loaded."""

import json
from typing import Any

from yangguang.models import ExamResult, ListFile, OutsideEnrolment


def read_rows(file: ListFile) -> list[list[Any]]:
    """The rows of a stored file, unsealed, each as the arguments of its row class; for loading only."""
    rows: list[list[Any]] = json.loads(file.content.reveal())
    return rows


def is_loaded(file: ListFile) -> bool:
    """Whether rows of exactly this file are in force."""
    if file.kind == ListFile.FileKind.EXAM_RESULTS:
        return ExamResult.objects.filter(year=file.year, file_digest=file.digest).exists()
    lists = OutsideEnrolment.objects.filter(intake_year=file.year, register=file.register)
    return lists.filter(file_digest=file.digest).exists()
