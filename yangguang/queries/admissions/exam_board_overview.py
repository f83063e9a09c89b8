"""What the officers see of the exam board's files: what a file would do, what was done, what waits for them. (F-D12)"""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from yangguang.models import ImportedResult, ImportFile, Round, Season
from yangguang.postgres.sql import fetch_all
from yangguang.queries.admissions.exam_board_conflicts import OTHER_NAME
from yangguang.queries.admissions.exam_board_results import ImportedRow, judge
from yangguang.rules.base.names import mask_name
from yangguang.rules.base.refusals import NotFound, Refused
from yangguang.rules.seasons.rounds import RoundKind

_STANDING = """
SELECT r.id, count(i.id) FILTER (WHERE i.conflict = ''),
       count(i.id) FILTER (WHERE i.conflict <> '' AND d.id IS NULL), count(d.id)
FROM yangguang_round AS r
LEFT JOIN yangguang_importedresult AS i ON i.round_id = r.id
LEFT JOIN yangguang_importdecision AS d ON d.result_id = i.id
WHERE r.season_id = %s AND r.kind = %s GROUP BY r.id
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """One round of the exam board: programmes admitted, waiting for a decision, decided by people."""

    round: Round
    admitted: int
    waiting: int
    decided: int


def standings(season: Season) -> list[Standing]:
    """The rounds of the season that take files; two queries."""
    rounds = Round.objects.filter(season=season, kind=RoundKind.IMPORTED.value).order_by("number")
    found = {row[0]: row[1:] for row in fetch_all(_STANDING, (season.pk, RoundKind.IMPORTED.value))}
    return [Standing(one, *found.get(one.pk, (0, 0, 0))) for one in rounds]


@dataclass(frozen=True, slots=True)
class Fault:
    """One programme that would not be carried out: its number, the masked name, school and major, and why."""

    row: int
    name: str
    programme: str
    why: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What loading the file now would do."""

    rows: int
    fits: int
    faults: list[Fault]
    kinds: list[tuple[str, int]]

    @property
    def useless(self) -> Refused | None:
        """Why nothing would come of it: nobody is admitted, and no spelling of a name is there for two to settle."""
        if self.fits or any(fault.why == OTHER_NAME for fault in self.faults):
            return None
        return Refused(
            "这个文件没有一行可以办理，不需要导入",
            why=f"{self.rows}行都有冲突，没有一行能由两人核对后办理",
            now="请按每一行的原因改正，或请考试机构出更正文件，再上传",
        )


def require_worth(found: Preview) -> None:
    """Nobody takes out a key for a file of which nothing comes.

    Raises:
        Refused: no programme fits, and none can be settled.
    """
    if found.useless:
        raise found.useless


def rows_of(file: ImportFile) -> list[ImportedRow]:
    """The rows of a kept file, opened for judging and loading only."""
    return [ImportedRow(*row) for row in json.loads(file.content.reveal())]


def preview(file: ImportFile, at: datetime) -> Preview:
    """Judge the file without writing anything."""
    judged = judge(file.round, rows_of(file), at)
    faults = [
        Fault(r.row, mask_name(r.name), f"{r.school} · {r.major}", why) for r, _, _, why in judged if why
    ]
    kinds = Counter(fault.why.split("（")[0] for fault in faults)
    return Preview(len(judged), len(judged) - len(faults), faults, kinds.most_common())


def is_loaded(file: ImportFile) -> bool:
    """Whether two people have loaded this very file."""
    return ImportedResult.objects.filter(round=file.round, file_digest=file.digest).exists()


def conflicts(round: Round) -> list[ImportedResult]:
    """The programmes of the round that wait for a decision, by programme."""
    rows = ImportedResult.objects.filter(round=round, decision=None).exclude(conflict="")
    return list(rows.select_related("programme__plan__school").order_by("row", "pk"))


def conflict(round: Round, digest: str, row: int) -> ImportedResult:
    """One programme that waits for a decision.

    Raises:
        NotFound: no such programme, or it has been decided.
    """
    for one in conflicts(round):
        if (one.file_digest, one.row) == (digest, row):
            return one
    raise NotFound("没有找到这一行", why="它不在这个批次，或者已经由两人决定", now="请从待决定的行重新进入")


def decisions(round: Round) -> list[ImportedResult]:
    """The programmes people have decided, the newest first."""
    rows = ImportedResult.objects.filter(round=round, decision__isnull=False)
    return list(rows.select_related("decision__decided_by").order_by("-decision__recorded_at"))
