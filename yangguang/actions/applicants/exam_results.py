"""Scores come from the exam board's list, matched by identity; no family and no school types them. (decision 0004)

A city loads the scores of its own students only: a person who is registered belongs where they live, anyone else to
the county or school the list names. What another office loaded is never written over by a city.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from yangguang.actions.base.action import dual_action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models.base.fields import blind
from yangguang.postgres.sql import fetch_all
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base import id_number
from yangguang.rules.base.refusals import BadRows, Refused

SHOWN = 50
"""Rows named one by one in a refusal; the first line says how many there are."""


@dataclass(frozen=True, slots=True)
class ExamRow:
    """One line of the list.

    Args:
        id_number: in any spelling. scores: total and named subjects.
        junior_school: as the list calls it. area: code or name of the county (区县) the student belongs to.
    """

    id_number: str
    scores: tuple[int, ...]
    junior_school: str = ""
    area: str = ""


_TAKE_OVER = """
INSERT INTO yangguang_examresult (id_hash, year, scores, junior_school, file_digest, unit_id)
SELECT id_hash, %s, scores, junior_school, %s, %s FROM exam_rows
ON CONFLICT (id_hash, year) DO UPDATE SET scores = excluded.scores, junior_school = excluded.junior_school,
    file_digest = excluded.file_digest, unit_id = excluded.unit_id
"""
_TWICE = """
SELECT array_agg(line ORDER BY line) FROM exam_rows GROUP BY id_hash HAVING count(*) > 1 ORDER BY min(line) LIMIT %s
"""
# Where a row belongs: the home of the registered person; else the county it names, else the school it names.
# "held" is a score another office loaded for somebody who is not registered here.
_OUTSIDE = """
SELECT t.line, CASE WHEN home.id IS NOT NULL THEN 'home' WHEN held.id IS NOT NULL THEN 'held' ELSE 'nowhere' END
FROM exam_rows AS t
LEFT JOIN yangguang_person AS p ON p.id_hash = t.id_hash
LEFT JOIN yangguang_unit AS home ON home.id = p.home_id
LEFT JOIN yangguang_examresult AS held ON held.id_hash = t.id_hash AND held.year = %(year)s
     AND held.unit_id IS DISTINCT FROM %(unit)s
WHERE CASE WHEN home.id IS NOT NULL THEN home.path NOT LIKE %(path)s || '%%'
      ELSE held.id IS NOT NULL OR NOT EXISTS (
          SELECT 1 FROM yangguang_unit AS u WHERE u.path LIKE %(path)s || '%%' AND CASE
              WHEN t.area <> '' THEN u.level IN ('CITY', 'COUNTY') AND t.area IN (u.code, u.region_code, u.name)
              ELSE t.junior_school <> '' AND u.level = 'JUNIOR' AND t.junior_school IN (u.code, u.name) END
      ) END
ORDER BY t.line
"""
_SAYS = {
    "home": "这名学生的户籍（生源）县不在您的辖区",
    "held": "这名学生的成绩已由其他单位导入，您不能覆盖",
    "nowhere": "看不出这名学生属于您的辖区：表中的区县或毕业学校不在您的辖区",
}
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


@dual_action("exam_result.load", Right.EXAM_RESULT_LOAD)
def load(entry: AuditRecord, *, by: Actor, year: int, rows: Iterable[ExamRow], digest: str) -> int:
    """Take a list over by COPY; the later list of a year wins row by row and reaches registrations already made.

    Once a run of a season is published, its registrations keep their scores: the public lists rest on them.

    Args:
        rows: streamed, never held; `digest` stands for them in the log and in the two-person check.
    Raises:
        BadRows: a person stands in the list twice, or rows are not of the loading city's students; by line.
        Refused: an identity number is wrong, named by its line.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ROWS)
        count = 0
        with cursor.copy("COPY exam_rows (line, id_hash, scores, junior_school, area) FROM STDIN") as copy:
            for count, row in enumerate(rows, 1):
                copy.write_row(
                    (count, _mark(row, count), list(row.scores), row.junior_school, row.area.strip())
                )
        cursor.execute("CREATE INDEX ON exam_rows (id_hash); ANALYZE exam_rows")
        _require_once()
        _require_own(by, year)
        cursor.execute(_TAKE_OVER, (year, digest, by.unit))
        taken = cursor.rowcount
        cursor.execute(_REACH, {"year": year})
        reached = cursor.rowcount
        cursor.execute("DROP TABLE exam_rows")
    entry.set_subject(f"exam_results:{year}")
    entry.add_facts(rows=count, taken=taken, reached=reached, digest=digest)
    return int(taken)


_ROWS = """
CREATE TEMP TABLE exam_rows (line int, id_hash bytea, scores smallint[], junior_school text, area text) ON COMMIT DROP
"""


def _require_once() -> None:
    """Nobody stands in the list twice: which of two scores is meant is not ours to guess."""
    faults = [
        Refused(
            f"同一证件号码出现{len(lines)}次（第{'、'.join(map(str, lines))}行）", where=f"第 {lines[0]} 行"
        )
        for (lines,) in fetch_all(_TWICE, (SHOWN,))
    ]
    if faults:
        raise BadRows("文件里有人出现了不止一次，没有写入任何内容", faults, now="请每人只留一行后重新导入")


def _require_own(by: Actor, year: int) -> None:
    """A desk below the province keeps to its own students."""
    cell = by.may(Right.EXAM_RESULT_LOAD)
    if cell is not None and cell.scope == "a":
        return
    outside: Sequence[tuple[Any, ...]] = fetch_all(
        _OUTSIDE, {"year": year, "unit": by.unit, "path": by.path or "-"}
    )
    if outside:
        raise BadRows(
            f"有{len(outside)}行不是您辖区的学生，没有写入任何内容",
            [Refused(_SAYS[why], where=f"第 {line} 行") for line, why in outside[:SHOWN]],
            now="请删去这些行后重新导入；跨市的成绩由省级导入",
        )


def _mark(row: ExamRow, number: int) -> bytes:
    try:
        return blind(id_number.read(row.id_number).number)
    except Refused as refusal:
        raise Refused(
            f"第{number}行证件号码有误：{refusal.what}", now="请改正后重新导入，本次没有写入任何内容"
        ) from refusal
