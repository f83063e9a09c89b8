"""Return an upload as an Excel file with its faults marked, to be corrected there and uploaded again."""

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from xlsxwriter import Workbook

from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.sheets.file_grid import Grid, read_grid
from yangguang.sheets.header_detection import ERRORS, MAX_HEADER_ROW, find_header, normalise
from yangguang.sheets.sheet import Sheet
from yangguang.sheets.to_xlsx import new_workbook

_POSITION = re.compile(r"第 (\d+) 行(?:·(.+))?")


@dataclass(slots=True)
class _Marks:
    """What is marked in the grid, rows and columns from 0.

    Args:
        header_row: the row that gets the title 错误说明.
        cells: the faulty cells. sentences: row → its faults as text.
    """

    header_row: int
    cells: set[tuple[int, int]] = field(default_factory=set)
    sentences: dict[int, list[str]] = field(default_factory=dict)


def error_workbook(
    data: bytes, errors: BadRows | Iterable[Refused], filename: str = "upload.csv", sheet: Sheet | None = None
) -> bytes:
    """The uploaded cells as .xlsx: faulty cells coloured, a column 错误说明, a second worksheet with all faults.

    Args:
        data: the file as uploaded, .xlsx or .csv.
        errors: the faults found in it; `where` names row and column ("第 7 行·招生任务（人）").
        sheet: its layout, which knows the other names of a column; without it a column has the name in `errors`.

    Raises:
        Refused: the file cannot be opened.
    """
    faults = list(errors.rows if isinstance(errors, BadRows) else errors)
    grid = read_grid(data, filename)
    marks = _locate(grid, faults, sheet)
    out = io.BytesIO()
    book = new_workbook(out)
    _draw_grid(book, grid, marks)
    _draw_summary(book, faults)
    book.close()
    return out.getvalue()


def _locate(grid: Grid, faults: list[Refused], sheet: Sheet | None) -> _Marks:
    matches = [(fault, match) for fault in faults if (match := _POSITION.fullmatch(fault.where))]
    try:
        layout = find_header(grid, sheet) if sheet else None
    except BadRows:  # the header itself is at fault
        layout = None
    marks, columns = _Marks(header_row=0), dict[str, int]()
    if layout:
        columns = {normalise(col.header): at for at, col in layout.columns.items()}
        marks.header_row = layout.last_row - 1
    else:
        wanted = {normalise(match[2]) for _, match in matches if match[2]}
        for row, cells in enumerate(grid[:MAX_HEADER_ROW]):
            for column, cell in enumerate(cells):
                if (name := normalise(cell)) in wanted and name not in columns:
                    columns[name], marks.header_row = column, row
    for fault, match in matches:
        row, header = int(match[1]) - 1, match[2] or ""
        marks.sentences.setdefault(row, []).append(f"{header}：{fault}" if header else str(fault))
        if normalise(header) in columns:
            marks.cells.add((row, columns[normalise(header)]))
    return marks


def _draw_grid(book: Workbook, grid: Grid, marks: _Marks) -> None:
    page = book.add_worksheet("Sheet1")
    formats = _cell_formats(book)
    error_format = book.add_format({"font_color": "#9C0006", "text_wrap": True, "valign": "vcenter"})
    # A file that was returned before already has a column 错误说明; the new text replaces the old.
    header = grid[marks.header_row] if grid else []
    old = next((at for at, cell in enumerate(header) if normalise(cell) == normalise(ERRORS)), None)
    error_column = max((len(cells) for cells in grid), default=0) if old is None else old
    for row, cells in enumerate(grid):
        for at, cell in enumerate(cells):
            if at != old and cell is not None:
                page.write(row, at, cell, formats[isinstance(cell, date), (row, at) in marks.cells])
    for row, at in marks.cells:
        if row < len(grid) and (at >= len(grid[row]) or grid[row][at] is None):
            page.write_blank(row, at, None, formats[False, True])
    page.set_column(0, max(0, error_column - 1), 16)
    page.set_column(error_column, error_column, 60)
    page.write_string(marks.header_row, error_column, ERRORS, error_format)
    for row, sentences in marks.sentences.items():
        if row != marks.header_row:
            page.write_string(row, error_column, "\n".join(sentences), error_format)


def _draw_summary(book: Workbook, faults: list[Refused]) -> None:
    summary = book.add_worksheet("错误汇总")
    summary.set_column(0, 0, 30)
    summary.set_column(1, 1, 90)
    for row, (where, text) in enumerate([("位置", ERRORS), *((fault.where, str(fault)) for fault in faults)]):
        summary.write_string(row, 0, where)
        summary.write_string(row, 1, text)


def _cell_formats(book: Workbook) -> Mapping[tuple[bool, bool], object]:
    """(is a date, is faulty) → format."""
    fault = {"bg_color": "#FFC7CE", "font_color": "#9C0006", "border": 1}
    return {
        (is_date, is_fault): book.add_format(
            {"valign": "vcenter", "num_format": number_format, **(fault if is_fault else {})}
        )
        for is_date, number_format in ((False, "@"), (True, "yyyy-mm-dd"))
        for is_fault in (False, True)
    }
