"""The points of a school's aptitude test as they come in: a file of two columns, or rows typed or pasted. (R3.10)"""

from yangguang.queries.applicants.aptitude_tests import AptitudeTestRow
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.sheets.sheet import Col, Kind, Sheet
from yangguang.sheets.upload import place, read_upload

MOST_ROWS = 5_000
APTITUDE_TESTS = Sheet(
    code="aptitude_tests",
    title="自主测试加分",
    columns=(
        Col("报名号", "number", Kind.ID, width=20, required=True, max_length=16),
        Col("加分", "points", Kind.INT, required=True, at_most=9_999),
    ),
    max_rows=MOST_ROWS,
)


def read_file(data: bytes, filename: str) -> list[AptitudeTestRow]:
    """The rows of an .xlsx or .csv file with the columns 报名号 and 加分.

    Raises:
        BadRows: every cell that cannot be read, by row and column.
        Refused: the file as a whole cannot be read.
    """
    read = read_upload(data, filename, APTITUDE_TESTS)
    return [
        AptitudeTestRow(programme, str(row["number"]), int(str(row["points"])))
        for programme, row in zip(read.lines, read, strict=True)
    ]


def read_typed(text: str) -> list[AptitudeTestRow]:
    """Rows "报名号 加分", one a programme.

    Raises:
        BadRows: every programme of another form, by its number.
    """
    found: list[AptitudeTestRow] = []
    faults: list[Refused] = []
    for at, programme in enumerate(text.splitlines(), 1):
        words = programme.replace("，", " ").replace(",", " ").split()
        if not words:
            continue
        if len(words) == 2 and words[1].isascii() and words[1].isdecimal() and len(words[1]) < 5:
            found.append(AptitudeTestRow(at, words[0][:16], int(words[1])))
        else:
            faults.append(
                Refused("不是“报名号 加分”的样子", where=place(at), now="请每行写一个报名号和一个整数")
            )
    if faults or len(found) > MOST_ROWS:
        faults = faults or [Refused(f"超过{MOST_ROWS}行", where=place(MOST_ROWS + 1), now="请分次报送")]
        raise BadRows(f"有 {len(faults)} 行读不懂，没有写入任何数据", faults[:200], now="请改正后重新提交")
    return found


def spelled(rows: list[AptitudeTestRow]) -> str:
    """The rows as `read_typed` reads them; what is signed and what names the file in the log is this text."""
    return "".join(f"{row.number} {row.points}\n" for row in rows)
