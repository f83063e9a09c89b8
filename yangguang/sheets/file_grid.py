"""Read an upload as a grid of cells: a workbook in a limited process, or CSV in UTF-8, GB18030 or UTF-16."""

import csv
import io
import json
import math
import re
import subprocess
import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from yangguang.rules.base.refusals import Refused
from yangguang.sheets import sandboxed_reader
from yangguang.sheets.sheet import Cell
from yangguang.sheets.to_csv import unescape_cell
from yangguang.sheets.zip_safety import MAX_FILE, SAVE_AS, check_archive


class Grid(list[list[Cell]]):
    """The cells of a file; grid row 0 is row 1 of the file.

    Attributes:
        hidden_rows: grid rows that the spreadsheet does not show.
        merged: (row, column) of every cell that lies in a merged one and is not its first.
    """

    def __init__(self, rows: Iterable[list[Cell]] = ()) -> None:
        super().__init__(rows)
        self.hidden_rows: frozenset[int] = frozenset()
        self.merged: frozenset[tuple[int, int]] = frozenset()


TIMEOUT = 30  # seconds of waiting for the limited process
_SAMPLE = 40  # lines of a text that show its delimiter
_MOST_NAMED = 10  # worksheets in a sentence
_TEXTS = (".csv", ".txt", ".tsv", ".xls", ".xlsx")
"""Names of files that may hold a plain text; web systems give a table with tabs the name of a workbook."""
# Tables that a program wrote as a document: web pages and XML, which many systems name .xls, and RTF.
_DOCUMENTS = {b"<": "网页或 XML ", b"{\\rtf": "文档"}
# How web systems keep a spreadsheet from computing with a text: ="0123".
_AS_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_READER = Path(sandboxed_reader.__file__).resolve()
_REFUSALS = {
    sandboxed_reader.TOO_MANY_ROWS: ("表格行数太多", "请删去多余的行，或拆成几份上传"),
    sandboxed_reader.TOO_MANY_COLUMNS: (f"表格超过 {sandboxed_reader.MAX_COLUMNS} 列", "请删去表格右边多余的列"),
    sandboxed_reader.TOO_MANY_MERGED: ("表格里合并的单元格太多", "请取消合并，每一格各自填写"),
    sandboxed_reader.NO_TABLE: ("文件里没有任何内容", "请填好表格再上传"),
}


def read_grid(data: bytes, filename: str, *, max_rows: int = 200_100) -> Grid:
    """All cells of the only worksheet with content, or of a CSV.

    Args:
        data: the file, at most 20 MB. Its bytes decide its format; `filename` only for a text file.

    Raises:
        Refused: the file is empty, not a table, dangerous, too large, or cannot be parsed in time and memory.
    """
    if not data.strip(b"\0 \r\n\t\xef\xbb\xbf"):
        raise Refused("文件是空的", now="请填好表格再上传")
    if len(data) > MAX_FILE:
        raise Refused(f"文件超过 {MAX_FILE // 2**20} MB", now="请拆成几份上传")
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Refused("文件加了密码", now="请去掉密码后重新上传")
        raise Refused("这是旧版 Excel 文件（.xls）", now=SAVE_AS)
    if data.startswith(b"PK"):
        check_archive(data)
        return _read_workbook(data, max_rows)
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if kind := next((kind for mark, kind in _DOCUMENTS.items() if start.startswith(mark)), ""):
        raise Refused(
            f"这是{kind}格式的文件，不是工作簿",
            why="文件名不改变内容的格式",
            now="请先用 Excel 或 WPS 打开，" + SAVE_AS.removeprefix("请"),
        )
    is_text = filename.lower().endswith(_TEXTS)
    if (b"\0" in data and not (is_text and _may_be_text(data))) or data.startswith(
        (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc")
    ):
        raise Refused("这不是 Excel 或 CSV 表格", now=SAVE_AS)
    if not is_text:
        raise Refused("只收 Excel 工作簿（.xlsx）和 CSV 文件（.csv）", now=SAVE_AS)
    return _read_csv(data, max_rows)


def _may_be_text(data: bytes) -> bool:
    """Whether this is UTF-16 by its mark, or a text with a stray NUL, whose cell is refused later."""
    return data.startswith((b"\xff\xfe", b"\xfe\xff")) or data.count(0) * 20 < len(data)


def _read_workbook(data: bytes, max_rows: int) -> Grid:
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-B", "-X", "utf8", str(_READER), str(max_rows)],
            input=data,
            capture_output=True,
            timeout=TIMEOUT,
            env={},  # the parser must not see our secrets
            cwd="/",
            close_fds=True,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        what = f"文件太复杂，{TIMEOUT} 秒内没有读完"
        raise Refused(what, now="请只保留数据，另存为新的工作簿后重新上传") from error
    if done.returncode in _REFUSALS:
        raise _refuse(done.returncode)
    if done.returncode == sandboxed_reader.TOO_MANY_SHEETS:
        raise _refuse_sheets(json.loads(done.stdout))
    lines = done.stdout.splitlines()
    if done.returncode or not lines or lines[-1] != b"end":
        raise Refused("文件已损坏，或内容超出了读取限制", now=SAVE_AS)
    details, *rows = map(json.loads, lines[:-1])
    grid = Grid([_from_json(cell) for cell in row] for row in rows)
    grid.hidden_rows = frozenset(details["hidden"])
    grid.merged = frozenset((row, column) for row, column in details["merged"])
    return grid


def _refuse_sheets(sheets: list[tuple[str, bool]]) -> Refused:
    """The refusal of a workbook with other sheets with content than one visible one.

    Args:
        sheets: name, and whether it is visible, of every worksheet with content.
    """
    names = "、".join(name if visible else f"{name}（隐藏）" for name, visible in sheets[:_MOST_NAMED])
    names += "等" if len(sheets) > _MOST_NAMED else ""
    if len(sheets) == 1:
        return Refused(f"有内容的工作表是隐藏的：{names}", now="请取消隐藏，核对后重新上传")
    what = f"文件有{len(sheets)}张有内容的工作表（{names}），只收一张"
    return Refused(what, now="请只留要报送的一张；几张都要报送的，请合并成一张再上传")


def _refuse(exit_code: int) -> Refused:
    what, advice = _REFUSALS[exit_code]
    return Refused(what, now=advice)


def _from_json(cell: object) -> Cell:
    if isinstance(cell, dict):
        text = str(cell["d"])
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)
    return cell if isinstance(cell, str | int | float) else None


def _read_csv(data: bytes, max_rows: int) -> Grid:
    text = _decode(data)
    rows = Grid()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_find_delimiter(text), strict=True)
    try:
        for cells in reader:
            if len(rows) >= max_rows:
                raise _refuse(sandboxed_reader.TOO_MANY_ROWS)
            if len(cells) > sandboxed_reader.MAX_COLUMNS:
                raise _refuse(sandboxed_reader.TOO_MANY_COLUMNS)
            rows.append([_plain_cell(cell) or None for cell in cells])
    except csv.Error as error:
        raise Refused(
            f"第 {reader.line_num} 行的引号或分隔符不对，读不下去",
            now="请用 Excel 打开核对，" + SAVE_AS.removeprefix("请"),
        ) from error
    return rows


def _plain_cell(text: str) -> str:
    """The text without what was put around it against the spreadsheet."""
    formula = _AS_FORMULA.fullmatch(text)
    return formula[1] if formula else unescape_cell(text)


def _find_delimiter(text: str) -> str:
    """Comma, semicolon or tab: the one in most of the first lines, because a title has none and a cell may have any."""
    lines = text.split("\n", _SAMPLE)[:_SAMPLE]
    return max(",\t;", key=lambda delimiter: sum(delimiter in line for line in lines))


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):  # "Unicode 文本" of Excel
        encodings = ["utf-16"]
    else:
        # Excel on a Chinese Windows saves GB18030, which accepts almost any bytes: a UTF-8 file with one broken
        # character would become another text.
        encodings = ["utf-8-sig"] if _is_mostly_utf8(data) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            row = data.count(b"\n", 0, error.start) + 1
    raise Refused(f"第 {row} 行的文字编码有损坏，读不出来", now=SAVE_AS)


def _is_mostly_utf8(data: bytes) -> bool:
    # By chance two bytes of GB18030 are a letter of UTF-8, but hardly ever three are a Han character.
    text = data.decode(errors="replace")
    return text.count("\ufffd") < sum("\u2e80" <= char < "\ufffd" for char in text)
