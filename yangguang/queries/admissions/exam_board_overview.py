"""The exam board's files for the officers' pages: numbers by round, preview of a file, conflicts. (F-D12)"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from yangguang.models import ImportedResult, ImportFile, Round, Season
from yangguang.queries.admissions.exam_board_conflicts import OTHER_NAME
from yangguang.queries.admissions.exam_board_results import CheckedRow, ImportedRow, check_rows
from yangguang.rules.base.refusals import NotFound, Refused
from yangguang.rules.runs.rounds import RoundKind


def list_rounds(season: Season) -> QuerySet[Round]:
    """The rounds of the season that take files, with the rows admitted, in conflict and decided; one query."""
    rows: QuerySet[Round] = Round.objects.filter(season=season, kind=RoundKind.IMPORTED.value).order_by("number")
    is_admitted, is_decided = Q(imported__conflict=""), Q(imported__decision__isnull=False)
    return rows.annotate(
        admitted=Count("imported", filter=is_admitted),
        conflicts=Count("imported", filter=~is_admitted & ~is_decided),
        decided=Count("imported", filter=is_decided),
    )


def count_open_conflicts(season: Season) -> int:
    """How many rows of the season's files wait for a decision of two officers."""
    return ImportedResult.objects.filter(round__season=season, decision=None).exclude(conflict="").count()


@dataclass(frozen=True, slots=True)
class Preview:
    """What loading the file now would do: its number of rows, and those in conflict."""

    rows: int
    conflicts: list[CheckedRow]

    @property
    def kinds(self) -> list[tuple[str, int]]:
        """The conflicts by reason, the most frequent first."""
        return Counter(row.conflict.split("（")[0] for row in self.conflicts).most_common()

    @property
    def admitted(self) -> int:
        return self.rows - len(self.conflicts)

    @property
    def refusal(self) -> Refused | None:
        """Why loading would have no effect: no row is admitted, and none can be resolved by two officers."""
        if self.admitted or any(row.conflict == OTHER_NAME for row in self.conflicts):
            return None
        return Refused(
            "这个文件没有一行可以办理，不需要导入",
            why=f"{self.rows}行都有冲突，没有一行能由两人核对后办理",
            now="请按每一行的原因改正，或请考试机构出更正文件，再上传",
        )


def read_rows(file: ImportFile) -> list[ImportedRow]:
    """The rows of a stored file, unsealed; for checking and loading only."""
    return [ImportedRow(*row) for row in json.loads(file.content.reveal())]


def preview_file(file: ImportFile, at: datetime) -> Preview:
    """Check the file without writing anything."""
    checked = check_rows(file.round, read_rows(file), at)
    return Preview(len(checked), [row for row in checked if row.conflict])


def find_loaded(files: Iterable[ImportFile]) -> set[int]:
    """Row ids of the files that two officers have loaded; one query."""
    results = ImportedResult.objects.filter(round=OuterRef("round"), file_digest=OuterRef("digest"))
    rows = ImportFile.objects.filter(Exists(results), pk__in=[file.pk for file in files])
    return set(rows.values_list("pk", flat=True))


def list_conflicts(round: Round) -> QuerySet[ImportedResult]:
    """The rows of the round that wait for a decision, in the order of the file."""
    rows: QuerySet[ImportedResult] = ImportedResult.objects.filter(round=round, decision=None).exclude(conflict="")
    return rows.select_related("programme__plan__school", "round").order_by("row", "pk")


def get_conflict(round: Round, digest: str, row: int) -> ImportedResult:
    """One row that waits for a decision.

    Raises:
        NotFound: there is no such row, or it was decided.
    """
    result = list_conflicts(round).filter(file_digest=digest, row=row).first()
    if result is None:
        raise NotFound("没有找到这一行", why="它不在这个批次，或者已经由两人决定", now="请从待决定的行重新进入")
    return result


def list_decided(round: Round) -> list[ImportedResult]:
    """The rows that officers have decided, the newest first."""
    rows = ImportedResult.objects.filter(round=round, decision__isnull=False)
    return list(rows.select_related("decision__decided_by").order_by("-decision__recorded_at"))
