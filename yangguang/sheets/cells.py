"""Read one cell of an upload as a value, or refuse it with a sentence."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime

from yangguang.rules.base.days import read_day
from yangguang.rules.base.folding import fold_label, fold_number, is_mark
from yangguang.rules.base.refusals import Refused
from yangguang.rules.reporting.targets import NO_RATE
from yangguang.sheets.cell_text import quote_cell
from yangguang.sheets.sheet import Cell, Col, ColKind, Value

_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_INTEGER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.0+)?", re.ASCII)
_BREAK = re.compile(r"\s*[\n\r\t]\s*")
_FRACTION = re.compile(r"[+-]?\d+\.\d+", re.ASCII)
_LOST = 1e15  # from here on a spreadsheet does not keep every digit of a number
_RATE = re.compile(r"\d{1,5}(\.\d+)?%", re.ASCII)
# Errors of Excel and WPS, and what the reader gives for a formula without a result.
_ERROR = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|公式没有结果)|Err:\d{3}")
# Control characters and those of private use areas, which every computer shows as another character.
_INVISIBLE = {"Cc", "Cs", "Co", "Cn"}


def read_cell(col: Col, cell: Cell) -> Value:
    """The value of `cell` in column `col`; None for an empty cell.

    Raises:
        Refused: with a sentence about this cell; the caller adds its position.
    """
    if isinstance(cell, str):
        # Chat programs put invisible marks around what is copied from them.
        cell = "".join(char for char in cell if not is_mark(char)).strip()
    if cell is None or cell == "" or cell == col.empty:
        if col.required:
            raise Refused("没有填写", now="请补上")
        return None
    if isinstance(cell, str) and _ERROR.fullmatch(cell):
        advice = "请改正公式；或者复制后“选择性粘贴”为数值，再上传"
        raise Refused(f"‘{cell}’不是数据，是表格程序算不出结果时的标记", now=advice)
    value = _READERS[col.kind](col, cell)
    if col.choices and value not in col.choices:
        if same := [choice for choice in col.choices if fold_label(choice) == fold_label(str(value))]:
            return same[0]
        raise Refused(f"‘{value}’不在可填的范围内", now=f"请填{'、'.join(col.choices)}之一")
    return value


def _read_text(col: Col, cell: Cell) -> str:
    if isinstance(cell, float) and abs(cell) >= _LOST:
        raise _lost(cell)
    # A break inside of a cell fits a text to its column, and does not belong to it.
    text = _BREAK.sub(_join_lines, cell if isinstance(cell, str) else quote_cell(cell))
    for char in text:
        if unicodedata.category(char) in _INVISIBLE:
            raise Refused(f"含有看不见的字符（U+{ord(char):04X}）", now="请删去后重新输入这一格")
    if len(text) > col.max_length:
        raise Refused(f"共 {len(text)} 个字，超过 {col.max_length} 个字", now="请缩短")
    if col.masking is not None and "*" in text:
        raise Refused(f"‘{text}’是遮盖后的内容，不能当作数据上传", now="请填写完整内容")
    return text


def _join_lines(match: re.Match[str]) -> str:
    """A blank between two Latin words; nothing beside a Han character."""
    text, start, end = match.string, match.start(), match.end()
    return " " if text[start - 1 : start].isascii() and text[end : end + 1].isascii() else ""


def _read_id(col: Col, cell: Cell) -> str:
    if not isinstance(cell, str | int | float) or (not isinstance(cell, str) and abs(cell) >= _LOST):
        raise _lost(cell)
    # The apostrophe keeps a number a text in a spreadsheet.
    text = _read_text(col, fold_number(cell if isinstance(cell, str) else quote_cell(cell)).lstrip("'‘’`"))
    if _SCIENTIFIC.fullmatch(text):
        advice = "请在原表中把这一列设为“文本”格式，重新填写后再导出"
        raise Refused(f"‘{text}’是科学计数法，原来的号码已经丢失", now=advice)
    return text


def _lost(cell: Cell) -> Refused:
    what = f"‘{quote_cell(cell)}’是数字格式，Excel 只保留前 15 位，后面的数字可能已经变成 0"
    return Refused(what, now="请把这一列设为“文本”格式后重新填写")


def _read_int(col: Col, cell: Cell) -> int:
    if isinstance(cell, float) and cell.is_integer():
        number = int(cell)
    elif isinstance(cell, int) and not isinstance(cell, bool):
        number = cell
    else:
        text = unicodedata.normalize("NFKC", cell).strip() if isinstance(cell, str) else ""
        if not _INTEGER.fullmatch(text) or len(text) > 30:
            advice = "这一栏只收整数" if _FRACTION.fullmatch(text or str(cell)) else "请填阿拉伯数字"
            raise Refused(f"‘{quote_cell(cell)}’不是整数", now=advice)
        number = int(text.split(".")[0].replace(",", ""))
    if not col.at_least <= number <= col.at_most:
        raise Refused(f"{number} 不在 {col.at_least} 到 {col.at_most} 之间", now="请核对")
    return number


def _read_rate(col: Col, cell: Cell) -> str:
    if isinstance(cell, float | int) and not isinstance(cell, bool) and 0 <= cell < 1000:
        # Excel stores a cell displayed as 87.30% as the number 0.873.
        return f"{cell:.2%}"
    text = unicodedata.normalize("NFKC", _read_text(col, cell))
    if text in {NO_RATE, "-", "--", "——"}:
        return NO_RATE
    if not _RATE.fullmatch(text):
        raise Refused(f"‘{quote_cell(cell)}’不是百分数", now="请写成 87.30%，没有任务数的写—")
    return text


def _read_date(col: Col, cell: Cell) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return read_day(quote_cell(cell))


_READERS: dict[ColKind, Callable[[Col, Cell], Value]] = {
    ColKind.TEXT: _read_text,
    ColKind.ID: _read_id,
    ColKind.INT: _read_int,
    ColKind.RATE: _read_rate,
    ColKind.DATE: _read_date,
}
