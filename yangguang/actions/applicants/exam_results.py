"""Scores from the exam board's list, matched by identity number; families and schools never enter them.
(docs/decisions/0004-scores-from-the-exam-board.md, R7.05)

A city loads the scores of its students only: a registered person belongs to the home county, any other person to
the county or school in the list. A city never overwrites what another unit loaded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.backends.utils import CursorWrapper

from yangguang.actions.base.action import dual_action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import ExamResult, ListFile, Unit
from yangguang.models.base.fields import blind
from yangguang.postgres.sql import fetch_all
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base import id_number
from yangguang.rules.base.folding import fold_label
from yangguang.rules.base.refusals import BadRows, Refused, VersionConflict

MAX_FAULTS = 50
"""Faults listed one by one in a refusal; its first sentence gives their number."""


@dataclass(frozen=True, slots=True)
class ExamRow:
    """One row of the list.

    Args:
        id_number: in any spelling. scores: total first, then the named subjects, in points.
        junior_school: its name in the list. area: code or name of the county (区县) the student belongs to.
        line: its number in the file, for the sentence about it; 0 for its position in the list.
    """

    id_number: str
    scores: tuple[int, ...]
    junior_school: str = ""
    area: str = ""
    line: int = 0


_ROWS = """
CREATE TEMP TABLE exam_rows (line int, id_hash bytea, scores smallint[], junior_school text, area text) ON COMMIT DROP
"""
_STORE = """
INSERT INTO yangguang_examresult (id_hash, year, scores, junior_school, file_digest, unit_id)
SELECT id_hash, %s, scores, junior_school, %s, %s FROM exam_rows
ON CONFLICT (id_hash, year) DO UPDATE SET scores = excluded.scores, junior_school = excluded.junior_school,
    file_digest = excluded.file_digest, unit_id = excluded.unit_id
"""
_COUNT = """
SELECT count(*)::int AS rows, (count(*) FILTER (WHERE x.id IS NULL))::int AS new,
       (count(*) FILTER (WHERE x.id IS NOT NULL AND x.scores <> t.scores))::int AS changed,
       count(p.id)::int AS registered
FROM exam_rows AS t
LEFT JOIN yangguang_examresult AS x ON x.id_hash = t.id_hash AND x.year = %(year)s
LEFT JOIN yangguang_person AS p ON p.id_hash = t.id_hash
"""
_TWICE = """
SELECT array_agg(line ORDER BY line) AS lines FROM exam_rows
GROUP BY id_hash HAVING count(*) > 1 ORDER BY min(line) LIMIT %s
"""
# Where a row belongs: the home of the registered person; else the county in the row, else the school in it.
# "loaded" is a score that another unit loaded for a person who is not registered here.
_OUTSIDE = """
SELECT t.line,
       CASE WHEN home.id IS NOT NULL THEN 'home' WHEN loaded.id IS NOT NULL THEN 'loaded' ELSE 'nowhere' END AS why
FROM exam_rows AS t
LEFT JOIN yangguang_person AS p ON p.id_hash = t.id_hash
LEFT JOIN yangguang_unit AS home ON home.id = p.home_id
LEFT JOIN yangguang_examresult AS loaded ON loaded.id_hash = t.id_hash AND loaded.year = %(year)s
     AND loaded.unit_id IS DISTINCT FROM %(unit)s
WHERE CASE WHEN home.id IS NOT NULL THEN home.path NOT LIKE %(path)s || '%%'
      ELSE loaded.id IS NOT NULL OR NOT EXISTS (
          SELECT 1 FROM yangguang_unit AS u WHERE u.path LIKE %(path)s || '%%' AND CASE
              WHEN t.area <> '' THEN u.level IN ('CITY', 'COUNTY') AND t.area IN (u.code, u.region_code, u.name)
              ELSE t.junior_school <> '' AND u.level = 'JUNIOR' AND t.junior_school IN (u.code, u.name) END
      ) END
ORDER BY t.line
"""
_OUTSIDE_REASONS = {
    "home": "这名学生的户籍（生源）县不在您的辖区",
    "loaded": "这名学生的成绩已由其他单位导入，您不能覆盖",
    "nowhere": "看不出这名学生属于您的辖区：表中的区县或毕业学校不在您的辖区",
}
# Persons who are registered already get the score, too; a season with a published run keeps the scores of its lists.
_UPDATE_APPLICATIONS = """
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
    """Load a list by COPY; row by row, a later list of a year replaces an earlier one, also in existing applications.

    After a run of a season is published, its applications keep their scores, because the public lists rest on them.

    Args:
        rows: read once, one at a time. digest: of the file; it identifies the rows in the log and in dual approval.
    Returns:
        the number of persons with scores from this list.
    Raises:
        VersionConflict: the unit checked this file before another one that was loaded since.
        BadRows: a person is in the list twice, or rows are not of the loading city's students; by line.
        Refused: an identity number is wrong, named by its line.
    """
    _require_newest(by, year, digest)
    with connection.cursor() as cursor:
        count = _fill(cursor, rows)
        _require_distinct()
        _require_own_students(by, year)
        cursor.execute(_STORE, (year, digest, by.unit))
        taken = cursor.rowcount
        cursor.execute(_UPDATE_APPLICATIONS, {"year": year})
        reached = cursor.rowcount
        cursor.execute("DROP TABLE exam_rows")
    entry.set_subject(f"exam_results:{year}")
    entry.add_facts(rows=count, taken=taken, reached=reached, digest=digest)
    return int(taken)


@load.preflight
def _(at: datetime, *, by: Actor, year: int, rows: Iterable[ExamRow], digest: str) -> None:
    _require_newest(by, year, digest)


def _require_newest(by: Actor, year: int, digest: str) -> None:
    """Raise Refused when the file is in force, VersionConflict when one that the unit checked later is."""
    files = ListFile.objects.filter(kind=ListFile.FileKind.EXAM_RESULTS, year=year, unit=by.unit)
    checked = files.filter(digest=digest).first()
    loaded = ExamResult.objects.filter(year=year, unit=by.unit).values("file_digest")
    if loaded.filter(file_digest=digest).exists():
        raise Refused("这个文件已经导入过", why="同一份成绩只导入一次", now="请核对是否选错了文件")
    if checked and files.filter(pk__gt=checked.pk, digest__in=loaded).exists():
        raise VersionConflict(
            "这个文件核对之后，又导入了另一份成绩，还没有导入这一份",
            why="核对页上的人数不是现在的；再导入会把更新的成绩换回去",
            now="请把还要更正的考生放进一个新文件，重新上传核对",
        )


def summarise(by: Actor, year: int, rows: Iterable[ExamRow]) -> dict[str, int]:
    """What loading the list would do now: rows, new and changed scores, persons who are registered already.

    Raises:
        BadRows, Refused: as `load`.
    """
    with connection.cursor() as cursor:
        _fill(cursor, rows)
        _require_distinct()
        _require_own_students(by, year)
        counts: dict[str, int] = fetch_all(_COUNT, {"year": year})[0]._asdict()
        cursor.execute("DROP TABLE exam_rows")
    return counts


def _fill(cursor: CursorWrapper, rows: Iterable[ExamRow]) -> int:
    """Copy the rows into the temporary table `exam_rows`; returns their number."""
    cursor.execute(_ROWS)
    count, spellings = 0, _read_spellings()
    with cursor.copy("COPY exam_rows (line, id_hash, scores, junior_school, area) FROM STDIN") as copy:
        for count, row in enumerate(rows, 1):
            line = row.line or count
            hashed, area = _hash_number(row, line), spellings.get(fold_label(row.area), row.area)
            school = spellings.get(fold_label(row.junior_school), row.junior_school)
            copy.write_row((line, hashed, list(row.scores), school, area))
    cursor.execute("CREATE INDEX ON exam_rows (id_hash); ANALYZE exam_rows")
    return count


def _read_spellings() -> dict[str, str]:
    """Folded code or name of a unit that a list may name → as the unit has it."""
    units = Unit.objects.filter(level__in=(Unit.Level.CITY, Unit.Level.COUNTY, Unit.Level.JUNIOR_SCHOOL))
    texts = (text for row in units.values_list("code", "region_code", "name") for text in row if text)
    return {fold_label(text): text for text in texts}


def _require_distinct() -> None:
    """Raise BadRows if a person is in the list twice: which score is meant cannot be known."""
    faults = []
    for row in fetch_all(_TWICE, (MAX_FAULTS,)):
        what = f"同一证件号码出现{len(row.lines)}次（第{'、'.join(map(str, row.lines))}行）"
        faults.append(Refused(what, where=f"第 {row.lines[0]} 行"))
    if faults:
        raise BadRows("文件里有人出现了不止一次，没有写入任何内容", faults, now="请每人只留一行后重新导入")


def _require_own_students(by: Actor, year: int) -> None:
    """Raise BadRows about rows of other units' students, unless the actor is of the province."""
    cell = by.may(Right.EXAM_RESULT_LOAD)
    if cell is not None and cell.scope == "a":
        return
    outside = fetch_all(_OUTSIDE, {"year": year, "unit": by.unit, "path": by.path or "-"})
    if outside:
        raise BadRows(
            f"有{len(outside)}行不是您辖区的学生，没有写入任何内容",
            [Refused(_OUTSIDE_REASONS[row.why], where=f"第 {row.line} 行") for row in outside[:MAX_FAULTS]],
            now="请删去这些行后重新导入；跨市的成绩由省级导入",
        )


def _hash_number(row: ExamRow, number: int) -> bytes:
    try:
        return blind(id_number.read(row.id_number).number)
    except Refused as refusal:
        what = f"第{number}行证件号码有误：{refusal.what}"
        raise Refused(what, now="请改正后重新导入，本次没有写入任何内容") from refusal
