"""Scores come from the exam board's list, matched by identity; no family and no school types them. (decision 0004)"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from yangguang.actions.entry import Entry
from yangguang.actions.kernel import action
from yangguang.models.fields import blind
from yangguang.rules import id_number
from yangguang.rules.actors import Actor
from yangguang.rules.refusals import Refused
from yangguang.rules.rights import Right


@dataclass(frozen=True, slots=True)
class ExamRow:
    """One line of the list: identity number in any spelling, total and named subjects, school."""

    id_number: str
    scores: tuple[int, ...]
    junior_school: str = ""


_TAKE_OVER = """
INSERT INTO yangguang_examresult (id_hash, year, scores, junior_school, file_digest)
SELECT id_hash, %s, scores, junior_school, %s FROM exam_rows
ON CONFLICT (id_hash, year) DO UPDATE SET scores = excluded.scores, file_digest = excluded.file_digest
"""
# Who is registered already gets the score, too; a season with a published run keeps what its lists were made of.
_REACH = """
UPDATE yangguang_application AS a SET scores = x.scores
FROM yangguang_season AS s, yangguang_person AS p
JOIN exam_rows AS t ON t.id_hash = p.id_hash
JOIN yangguang_examresult AS x ON x.id_hash = t.id_hash AND x.year = %(year)s
WHERE s.id = a.season_id AND s.year = %(year)s AND p.id = a.person_id AND a.scores IS DISTINCT FROM x.scores
  AND NOT EXISTS (
      SELECT 1 FROM yangguang_admissionrun AS r JOIN yangguang_round AS b ON b.id = r.round_id
      WHERE b.season_id = s.id AND r.state = 'PUBLISHED'
  )
"""


@action("exam_result.load", Right.EXAM_RESULT_LOAD)
def load(entry: Entry, *, by: Actor, year: int, rows: Iterable[ExamRow], digest: str) -> int:
    """Take a list over by COPY; the later list of a year wins row by row and reaches registrations already made.

    Once a run of a season is published, its registrations keep their scores: the public lists rest on them.

    Args:
        rows: streamed, never held; `digest` stands for them in the log and in the two-person check.
    Raises:
        Refused: an identity number is wrong, named by its line.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE exam_rows (id_hash bytea, scores smallint[], junior_school text) ON COMMIT DROP"
        )
        count = 0
        with cursor.copy("COPY exam_rows (id_hash, scores, junior_school) FROM STDIN") as copy:
            for count, row in enumerate(rows, 1):
                copy.write_row((_mark(row, count), list(row.scores), row.junior_school))
        cursor.execute(_TAKE_OVER, (year, digest))
        taken = cursor.rowcount
        cursor.execute(_REACH, {"year": year})
        reached = cursor.rowcount
        cursor.execute("DROP TABLE exam_rows")
    entry.about(f"exam_results:{year}")
    entry.says(rows=count, taken=taken, reached=reached, digest=digest)
    return int(taken)


def _mark(row: ExamRow, number: int) -> bytes:
    try:
        return blind(id_number.read(row.id_number).number)
    except Refused as refusal:
        raise Refused(
            f"第{number}行证件号码有误：{refusal.what}", now="请改正后重新导入，本次没有写入任何内容"
        ) from refusal
