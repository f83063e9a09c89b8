"""The limited process that parses an uploaded workbook: bytes in on stdin, lines of JSON on stdout.

The first line says what the rows alone do not show (hidden rows, merged cells); one line for each row follows, then
"end". It imports nothing of ours, so that it starts fast and `python -I` can run it; `file_grid.py` is its only caller.
"""

import datetime
import io
import json
import posixpath
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias
from xml.parsers import expat

if TYPE_CHECKING:
    # The library is imported after the limits are set.
    from python_calamine import CalamineSheet
Worksheet: TypeAlias = "CalamineSheet"
Cells: TypeAlias = list[object]

MEMORY = 1024 * 2**20  # bytes of address space
CPU_SECONDS = 20
MAX_OUTPUT = 256 * 2**20  # bytes
MAX_COLUMNS = 300
MAX_MERGED = 100_000  # cells
TOO_MANY_ROWS, TOO_MANY_COLUMNS, NO_TABLE, NOT_PARSED, TOO_MANY_SHEETS, TOO_MANY_MERGED = 3, 4, 5, 6, 7, 8
NO_RESULT = "#公式没有结果"
"""The text given for a formula whose result the program that wrote the file did not store."""
SUMMARY = ("错误汇总", ["位置", "错误说明"])
"""Name and first row of the worksheet that `error_workbook` adds; it may stay in the corrected file."""
# A formula, an error, or a hidden row or column in the XML of a worksheet.
_DETAILS = re.compile(rb"""<(?:\w+:)?f[\s/>]|hidden\s*=|\sht\s*=\s*["']0["']|\st\s*=\s*["']e["']""")
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def limit_resources() -> None:
    """Limit memory, CPU time and files of this process to what parsing a table needs."""
    for resource_id, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        resource.setrlimit(resource_id, (limit, limit))


def to_json(cell: object) -> object:
    """A cell as JSON: text, number, boolean, None, or {"d": ISO date}."""
    if cell == "" or cell is None:
        return None
    if isinstance(cell, str | int | float):
        return cell
    if isinstance(cell, datetime.date):
        return {"d": cell.isoformat()}
    return str(cell)


class SheetDetails:
    """What the parser of cells passes over in one worksheet; rows and columns from 0.

    Attributes:
        hidden: rows hidden by a filter or by hand.
        texts: (row, column) of a spreadsheet error such as #N/A, or of a formula without a result → its text.
    """

    def __init__(self) -> None:
        self.hidden: list[int] = []
        self.texts: dict[tuple[int, int], str] = {}
        self._row = self._column = -1
        self._is_error = self._is_text = self._has_formula = self._has_value = False
        self._value: list[str] | None = None

    def read(self, part: bytes) -> None:
        """Read the XML of a worksheet."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.ParseFile(io.BytesIO(part))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            at = _CELL.fullmatch(attributes.get("r", ""))
            self._column = _column_number(at[1]) if at else self._column + 1
            kind = attributes.get("t")
            self._is_error, self._is_text = kind == "e", kind in ("str", "inlineStr", "s")
            self._has_formula = self._has_value = False
        elif name == "v":
            self._value = []
        elif name == "f":
            self._has_formula = True
        elif name == "row":
            self._row, self._column = int(attributes.get("r", self._row + 2)) - 1, -1
            if attributes.get("hidden") in ("1", "true") or attributes.get("ht") == "0":
                self.hidden.append(self._row)

    def _text(self, text: str) -> None:
        if self._value is not None:
            self._value.append(text)

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name == "v" and self._value is not None:
            text, self._value = "".join(self._value), None
            # Other programs store the empty text of a formula as an empty value; a number is never empty.
            self._has_value = bool(text) or self._is_text
            if self._is_error and text:
                self.texts[self._row, self._column] = text
        elif name == "c" and self._has_formula and not self._has_value:
            self.texts[self._row, self._column] = NO_RESULT


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _find_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Name of each worksheet → its part in the archive."""
    targets: dict[str, str] = {}
    names: dict[str, str] = {}

    def on_relation(_: str, attributes: dict[str, str]) -> None:
        if "Target" in attributes:
            targets[attributes.get("Id", "")] = posixpath.normpath(posixpath.join("/xl", attributes["Target"]))[1:]

    def on_sheet(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "sheet":
            key = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            names[attributes.get("name", "")] = key

    for part, handler in (("xl/_rels/workbook.xml.rels", on_relation), ("xl/workbook.xml", on_sheet)):
        parser = expat.ParserCreate()
        parser.StartElementHandler = handler
        parser.ParseFile(io.BytesIO(archive.read(part)))
    return {name: targets[key] for name, key in names.items() if key in targets}


def _read_details(data: bytes) -> dict[str, SheetDetails]:
    """The details of each worksheet by its name."""
    details: dict[str, SheetDetails] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name, path in _find_parts(archive).items():
            details[name], part = SheetDetails(), archive.read(path)
            # Reading every cell of a province takes seconds; most files have none of these.
            if _DETAILS.search(part) or part.startswith((b"\xff\xfe", b"\xfe\xff")):
                details[name].read(part)
    return details


def _rows(sheet: Worksheet) -> Iterator[Cells]:
    """The rows from row 1 and column A on; the parser leaves out the columns before the first filled one."""
    before = [None] * (sheet.start[1] if sheet.start else 0)
    return ([*before, *row] for row in sheet.iter_rows())


def _is_filled(sheet: Worksheet, details: SheetDetails, max_rows: int) -> bool:
    if details.texts:
        return True
    if sheet.end is None:
        return False
    is_large = sheet.end[0] >= max_rows or sheet.end[1] >= MAX_COLUMNS
    return is_large or any(str(cell).strip() for row in sheet.iter_rows() for cell in row)


def _is_summary(sheet: Worksheet) -> bool:
    return bool(sheet.name == SUMMARY[0] and next(_rows(sheet), []) == SUMMARY[1])


def _merged_cells(sheet: Worksheet, height: int) -> list[tuple[int, int]] | None:
    """Every cell that lies in a merged one and is not its first; None when there are too many."""
    cells: list[tuple[int, int]] = []
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        rows, columns = range(top, min(bottom + 1, height)), range(left, min(right + 1, MAX_COLUMNS))
        if len(cells) + len(rows) * len(columns) > MAX_MERGED:
            return None
        cells += [(row, column) for row in rows for column in columns if (row, column) != (top, left)]
    return cells


def main(max_rows: int) -> int:
    """Parse the one worksheet with content; return the exit code.

    Args:
        max_rows: more rows are refused with TOO_MANY_ROWS.
    """
    limit_resources()
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    data = sys.stdin.buffer.read()
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        tables = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
        sheets = [(book.get_sheet_by_name(meta.name), meta.visible == SheetVisibleEnum.Visible) for meta in tables]
        details = _read_details(data)
        filled = [
            (sheet, visible)
            for sheet, visible in sheets
            if _is_filled(sheet, details[sheet.name], max_rows) and not _is_summary(sheet)
        ]
        if not filled:
            return NO_TABLE
        if len(filled) > 1 or not filled[0][1]:
            # Which sheet was meant is not guessed: a hidden one is not seen by the two people who sign.
            json.dump([[sheet.name, visible] for sheet, visible in filled], sys.stdout)
            return TOO_MANY_SHEETS
        sheet = filled[0][0]
    except Exception:  # The parser raises many types on a broken workbook; all mean the same.
        return NOT_PARSED
    return _write(sheet, details[sheet.name], max_rows)


def _write(sheet: Worksheet, details: SheetDetails, max_rows: int) -> int:
    """Print the details and the rows; return the exit code."""
    cells = [*details.texts, *([sheet.end] if sheet.end else [])]
    last_row = max(row for row, _ in cells)
    if max(column for _, column in cells) >= MAX_COLUMNS:
        return TOO_MANY_COLUMNS
    if last_row >= max_rows:
        return TOO_MANY_ROWS
    merged = _merged_cells(sheet, last_row + 1)
    if merged is None:
        return TOO_MANY_MERGED
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), text in details.texts.items():
        by_row.setdefault(row, {})[column] = text
    hidden = [row for row in details.hidden if row <= last_row]
    written = 0
    rows = _rows(sheet)
    for at in range(-1, last_row + 1):
        line = {"hidden": hidden, "merged": merged} if at < 0 else _complete_row(next(rows, []), by_row.get(at, {}))
        text = json.dumps(line, ensure_ascii=True, allow_nan=True) + "\n"
        written += len(text)
        if written > MAX_OUTPUT:
            return TOO_MANY_ROWS
        sys.stdout.write(text)
    sys.stdout.write("end\n")
    return 0


def _complete_row(cells: Cells, texts: dict[int, str]) -> list[object]:
    row = [to_json(cell) for cell in cells]
    row += [None] * (max(texts, default=-1) + 1 - len(row))
    for column, text in texts.items():
        row[column] = text
    return row


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
