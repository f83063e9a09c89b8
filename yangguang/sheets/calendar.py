"""The holidays and worked weekends of one year, as a file: read whole, two holidays on one day as one. (R6.05)"""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.rules.seasons.working_calendar import DECEMBER
from yangguang.sheets.sheet import Col, ColKind, Sheet
from yangguang.sheets.to_csv import escape_cell
from yangguang.sheets.upload import format_position, read_upload

RESTS = {"1": True, "休息": True, "放假": True, "休": True, "0": False, "上班": False, "调休上班": False, "班": False}
"""What may stand under 安排, and whether the day is off work."""
MAX_NOTE = 40
CALENDAR = Sheet(
    code="calendar",
    title="放假调休安排",
    columns=(
        Col("日期", "day", ColKind.DATE, required=True, aliases=("day", "放假日期")),
        Col("安排", "rests", required=True, choices=tuple(RESTS), aliases=("rests", "休息", "放假或上班")),
        Col("说明", "note", required=True, max_length=MAX_NOTE, aliases=("says", "节日", "名称")),
        Col("依据文件", "source", required=True, aliases=("source", "来源")),
        Col("性质", "sure", aliases=("sure",)),
    ),
    max_rows=400,
)


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One day that differs from its weekday: off work, or a weekend that is worked."""

    day: date
    rests: bool
    note: str
    source: str
    is_demo: bool = False


def read_calendar(data: bytes, filename: str) -> list[CalendarRow]:
    """The days of one year in a .xlsx or .csv file, in order; several holidays on one day are one row.

    Raises:
        BadRows: every cell that cannot be read, a weekday named as worked, two rows that contradict each other, and
            days of another year (days of December may open the next), each by its row.
        Refused: the file as a whole cannot be read.
    """
    rows: list[tuple[int, CalendarRow]] = []
    for line, row in read_upload(data, filename, CALENDAR).numbered():
        assert isinstance(row["day"], date)
        is_demo = row.get("sure") == "演示"
        rests = RESTS[str(row["rests"])]
        rows.append((line, CalendarRow(row["day"], rests, str(row["note"]), str(row["source"]), is_demo)))
    if faults := [*_find_contradictions(rows), *_find_faulty_days(rows), *_find_long_notes(rows)]:
        raise BadRows(f"放假调休表有 {len(faults)} 处错误，没有写入", faults, now="请改正后重新载入")
    return _merge(row for _, row in rows)


def find_year(days: Iterable[date]) -> int:
    """The year whose calendar these days are: that of most of them."""
    return Counter(day.year for day in days).most_common(1)[0][0]


def _find_contradictions(rows: list[tuple[int, CalendarRow]]) -> Iterable[Refused]:
    first: dict[date, tuple[int, bool]] = {}
    for line, row in rows:
        before, rests = first.setdefault(row.day, (line, row.rests))
        if rests != row.rests:
            what = f"{row.day} 在第 {before} 行是{_name(rests)}，在这一行是{_name(row.rests)}"
            yield Refused(what, now="请核对，只留对的一行", where=format_position(line, "安排"))


def _name(rests: bool) -> str:  # noqa: FBT001  the value of a column
    return "放假" if rests else "上班"


def _find_faulty_days(rows: list[tuple[int, CalendarRow]]) -> Iterable[Refused]:
    year = find_year(row.day for _, row in rows)
    for line, row in rows:
        where = format_position(line, "日期")
        if not row.rests and row.day.weekday() < 5:
            yield Refused("平日本来就上班，调休上班的应是周末", where=where)
        if row.day.year != year and (row.day.year, row.day.month) != (year - 1, DECEMBER):
            yield Refused(f"{row.day} 不是{year}年的日期", now="一个文件只放一年的安排", where=where)


def _find_long_notes(rows: list[tuple[int, CalendarRow]]) -> Iterable[Refused]:
    lines = {row.day: line for line, row in rows}
    for day in _merge(row for _, row in rows):
        if len(day.note) > MAX_NOTE:
            where = format_position(lines[day.day], "说明")
            yield Refused(f"{day.day} 的说明合起来超过 {MAX_NOTE} 个字", now="请缩短", where=where)


def _merge(rows: Iterable[CalendarRow]) -> list[CalendarRow]:
    by_day: dict[date, CalendarRow] = {}
    for row in rows:
        same = by_day.get(row.day)
        if same is None or row.note in same.note:
            by_day[row.day] = same or row
        else:
            by_day[row.day] = replace(same, note=f"{same.note}、{row.note}")
    return [by_day[day] for day in sorted(by_day)]


def format_calendar(rows: Iterable[CalendarRow]) -> str:
    """The rows as a csv that `read_calendar` reads; the text that is signed after the preview."""
    cells = ((f"{r.day}", _name(r.rests), r.note, r.source, "演示" if r.is_demo else "") for r in rows)
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(col.header for col in CALENDAR.columns)
    table.writerows(map(escape_cell, row) for row in cells)
    return out.getvalue()
