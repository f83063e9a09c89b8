"""Stored files of scores and outside lists: their rows, and whether they were loaded."""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef

from yangguang.models import ExamResult, ListFile, OutsideEnrolment


def read_rows(file: ListFile) -> list[list[Any]]:
    """The rows of a stored file, unsealed, each as the arguments of its row class; for loading only."""
    rows: list[list[Any]] = json.loads(file.content.reveal())
    return rows


def find_loaded(files: Iterable[ListFile]) -> set[int]:
    """Row ids of the files of which rows are in force; one query."""
    scores = ExamResult.objects.filter(year=OuterRef("year"), file_digest=OuterRef("digest"))
    same_list = {"intake_year": OuterRef("year"), "register": OuterRef("register")}
    lists = OutsideEnrolment.objects.filter(**same_list, file_digest=OuterRef("digest"))
    rows = ListFile.objects.filter(pk__in=[file.pk for file in files])
    return set(rows.filter(Exists(scores) | Exists(lists)).values_list("pk", flat=True))
