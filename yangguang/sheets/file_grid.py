"""Read an upload as a grid of cells: a workbook in a limited process, or CSV in UTF-8 or GB18030."""

import csv
import io
import json
import math
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

from yangguang.rules.base.refusals import Refused
from yangguang.sheets import sandboxed_reader
from yangguang.sheets.sheet import Cell
from yangguang.sheets.to_csv import unescape_formula
from yangguang.sheets.zip_safety import MAX_FILE, SAVE_AS, check_archive

Grid = list[list[Cell]]

TIMEOUT = 30  # seconds of waiting for the limited process
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_READER = Path(sandboxed_reader.__file__).resolve()
_REFUSALS = {
    sandboxed_reader.TOO_MANY_ROWS: ("表格行数太多", "请删去多余的行，或拆成几份上传"),
    sandboxed_reader.TOO_MANY_COLUMNS: (f"表格超过 {sandboxed_reader.MAX_COLUMNS} 列", "请删去表格右边多余的列"),
    sandboxed_reader.NO_TABLE: ("文件里没有任何内容", "请填好表格再上传"),
}


def read_grid(data: bytes, filename: str, *, max_rows: int = 200_100) -> Grid:
    """All cells of the first visible worksheet, or of a CSV; grid row 0 is row 1 of the file.

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
    is_text = filename.lower().endswith((".csv", ".txt"))
    if (b"\0" in data and not (is_text and _few_nuls(data))) or data.startswith(
        (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc")
    ):
        raise Refused("这不是 Excel 或 CSV 表格", now=SAVE_AS)
    if not is_text:
        raise Refused("只收 Excel 工作簿（.xlsx）和 CSV 文件（.csv）", now=SAVE_AS)
    return _read_csv(data, max_rows)


def _few_nuls(data: bytes) -> bool:
    """Whether this is a text with a stray NUL, whose cell is refused later; half of the bytes of UTF-16 are NUL."""
    return data.count(0) * 20 < len(data) and not data.startswith((b"\xff\xfe", b"\xfe\xff"))


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
    lines = done.stdout.splitlines()
    if done.returncode or not lines or lines[-1] != b"end":
        raise Refused("文件已损坏，或内容超出了读取限制", now=SAVE_AS)
    return [[_from_json(cell) for cell in json.loads(line)] for line in lines[:-1]]


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
    first = text.split("\n", 1)[0]
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    rows: Grid = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if len(rows) >= max_rows:
                raise _refuse(sandboxed_reader.TOO_MANY_ROWS)
            if len(cells) > sandboxed_reader.MAX_COLUMNS:
                raise _refuse(sandboxed_reader.TOO_MANY_COLUMNS)
            rows.append([unescape_formula(cell) or None for cell in cells])
    except csv.Error as error:
        raise Refused(
            f"第 {reader.line_num} 行的引号或分隔符不对，读不下去",
            now="请用 Excel 打开核对，" + SAVE_AS.removeprefix("请"),
        ) from error
    return rows


def _decode(data: bytes) -> str:
    # Excel on a Chinese Windows saves GB18030; it is tried last because it accepts almost any bytes.
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("认不出文件的文字编码", now=SAVE_AS)
