"""The exam board's files for the officers' pages: numbers by round, preview of a file, conflicts. (F-D12)"""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from yangguang.models import ImportedResult, ImportFile, Round, Season
from yangguang.postgres.sql import fetch_all
from yangguang.queries.admissions.exam_board_conflicts import OTHER_NAME
from yangguang.queries.admissions.exam_board_results import ImportedRow, check_rows
from yangguang.rules.base.names import mask_name
from yangguang.rules.base.refusals import NotFound, Refused
from yangguang.rules.seasons.rounds import RoundKind

_COUNTS = """
SELECT r.id, count(i.id) FILTER (WHERE i.conflict = '') AS admitted,
       count(i.id) FILTER (WHERE i.conflict <> '' AND d.id IS NULL) AS conflicts, count(d.id) AS decided
FROM yangguang_round AS r
LEFT JOIN yangguang_importedresult AS i ON i.round_id = r.id
LEFT JOIN yangguang_importdecision AS d ON d.result_id = i.id
WHERE r.season_id = %s AND r.kind = %s GROUP BY r.id
"""


@dataclass(frozen=True, slots=True)
class RoundCounts:
    """Rows of one round: admitted, in conflict, and decided by officers."""

    round: Round
    admitted: int
    conflicts: int
    decided: int


def count_by_round(season: Season) -> list[RoundCounts]:
    """The rounds of the season that take files; two queries."""
    kind = RoundKind.IMPORTED.value
    rows = fetch_all(_COUNTS, (season.pk, kind))
    rounds = Round.objects.filter(season=season, kind=kind).order_by("number").in_bulk()
    counts = {row.id: RoundCounts(rounds[row.id], row.admitted, row.conflicts, row.decided) for row in rows}
    return [counts[key] for key in rounds]


@dataclass(frozen=True, slots=True)
class RowConflict:
    """A row that would not be carried out: number, masked name, school and major, and the reason."""

    row: int
    name: str
    programme: str
    why: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What loading the file now would do; `kinds` counts the conflicts by reason, the most frequent first."""

    rows: int
    conflicts: list[RowConflict]
    kinds: list[tuple[str, int]]

    @property
    def admitted(self) -> int:
        return self.rows - len(self.conflicts)

    @property
    def refusal(self) -> Refused | None:
        """Why loading would have no effect: no row is admitted, and none can be resolved by two officers."""
        if self.admitted or any(conflict.why == OTHER_NAME for conflict in self.conflicts):
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
    conflicts = [
        RowConflict(
            one.source.row, mask_name(one.source.name), f"{one.source.school} · {one.source.major}", one.conflict
        )
        for one in checked
        if one.conflict
    ]
    kinds = Counter(conflict.why.split("（")[0] for conflict in conflicts)
    return Preview(len(checked), conflicts, kinds.most_common())


def is_loaded(file: ImportFile) -> bool:
    """Whether two officers have loaded exactly this file."""
    return ImportedResult.objects.filter(round=file.round, file_digest=file.digest).exists()


def list_conflicts(round: Round) -> list[ImportedResult]:
    """The rows of the round that wait for a decision, in the order of the file."""
    rows = ImportedResult.objects.filter(round=round, decision=None).exclude(conflict="")
    return list(rows.select_related("programme__plan__school", "round").order_by("row", "pk"))


def get_conflict(round: Round, digest: str, row: int) -> ImportedResult:
    """One row that waits for a decision.

    Raises:
        NotFound: there is no such row, or it was decided.
    """
    for result in list_conflicts(round):
        if (result.file_digest, result.row) == (digest, row):
            return result
    raise NotFound("没有找到这一行", why="它不在这个批次，或者已经由两人决定", now="请从待决定的行重新进入")


def list_decided(round: Round) -> list[ImportedResult]:
    """The rows that officers have decided, the newest first."""
    rows = ImportedResult.objects.filter(round=round, decision__isnull=False)
    return list(rows.select_related("decision__decided_by").order_by("-decision__recorded_at"))
