"""Read the points of a school's aptitude test: from a file of two columns, or from typed or pasted text. (R3.10)"""

import re

from yangguang.queries.applicants.aptitude_tests import AptitudeTestRow
from yangguang.rules.base.folding import fold_number
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.sheets.cell_text import quote_cell
from yangguang.sheets.sheet import Col, ColKind, Sheet
from yangguang.sheets.upload import format_position, read_upload

MOST_ROWS = 5_000
APTITUDE_TESTS = Sheet(
    code="aptitude_tests",
    title="自主测试加分",
    columns=(
        Col("报名号", "number", ColKind.ID, width=20, required=True, max_length=16),
        Col("加分", "points", ColKind.INT, required=True, at_most=9_999),
    ),
    max_rows=MOST_ROWS,
)


def read_file(data: bytes, filename: str) -> list[AptitudeTestRow]:
    """The rows of an .xlsx or .csv file with the columns 报名号 and 加分.

    Raises:
        BadRows: every cell that cannot be read, by row and column.
        Refused: the file as a whole cannot be read.
    """
    return [
        AptitudeTestRow(file_row, str(row["number"]), int(str(row["points"])))
        for file_row, row in read_upload(data, filename, APTITUDE_TESTS).numbered()
    ]


def read_typed(text: str) -> list[AptitudeTestRow]:
    """The rows of a text with one "报名号 加分" on each line.

    Raises:
        BadRows: every line of another form, by its number.
    """
    rows: list[AptitudeTestRow] = []
    faults: list[Refused] = []
    for file_row, content in enumerate(text.splitlines(), 1):
        words = list(filter(None, re.split(r"[\s,，;；:：、]+", content)))
        if not words:
            continue
        points = fold_number(words[-1]).removesuffix("分")
        if len(words) == 2 and points.isascii() and points.isdecimal() and len(points) < 5:
            rows.append(AptitudeTestRow(file_row, fold_number(words[0]).lstrip("'"), int(points)))
        else:
            where = format_position(file_row)
            what = f"‘{quote_cell(content.strip())}’不是“报名号 加分”的样子"
            faults.append(Refused(what, where=where, now="请每行写一个报名号和一个整数"))
    if not faults and len(rows) > MOST_ROWS:
        faults = [Refused(f"超过{MOST_ROWS}行", where=format_position(MOST_ROWS + 1), now="请分次报送")]
    if faults:
        raise BadRows(f"有 {len(faults)} 行读不懂，没有写入任何数据", faults[:200], now="请改正后重新提交")
    return rows


def format_typed(rows: list[AptitudeTestRow]) -> str:
    """The rows as a text that `read_typed` reads; this text is signed and its digest identifies the load in the log."""
    return "".join(f"{row.number} {row.points}\n" for row in rows)
