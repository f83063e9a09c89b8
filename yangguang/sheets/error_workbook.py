"""Give an upload back as Excel with its errors in place: mend the red cells, send it again."""

import io
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.sheets.file_grid import Cell, Grid, read_grid
from yangguang.sheets.header_detection import ERRORS, plain
from yangguang.sheets.to_xlsx import new_book

_PLACE = re.compile(r"第 (\d+) 行(?:·(.+))?")


def error_workbook(data: bytes, errors: BadRows | Iterable[Refused], filename: str = "upload.csv") -> bytes:
    """The uploaded cells as .xlsx: faulty cells coloured, a column 错误说明, a second sheet with all errors.

    Args:
        data: the file as uploaded, .xlsx or .csv.
        errors: what reading it raised; `where` names line and column ("第 7 行·招生任务（人）").

    Raises:
        Refused: when the file cannot be opened at all; then there is no place to put an error in.
    """
    faults = list(errors.rows if isinstance(errors, BadRows) else errors)
    grid = read_grid(data, filename)
    headers, head_row = _headers(grid, faults)
    red: set[tuple[int, int]] = set()
    says: dict[int, list[str]] = {}
    for fault in faults:
        if found := _PLACE.fullmatch(fault.where):
            row, header = int(found[1]) - 1, found[2] or ""
            says.setdefault(row, []).append(f"{header}：{fault}" if header else str(fault))
            if plain(header) in headers:
                red.add((row, headers[plain(header)]))
    return _draw(grid, red, says, head_row, faults)


def _headers(grid: Grid, faults: list[Refused]) -> tuple[dict[str, int], int]:
    wanted = {plain(found[2]) for fault in faults if (found := _PLACE.fullmatch(fault.where)) and found[2]}
    places: dict[str, int] = {}
    head_row = 0
    for row, cells in enumerate(grid[:40]):
        for column, cell in enumerate(cells):
            if plain(cell) in wanted and plain(cell) not in places:
                places[plain(cell)], head_row = column, row
    return places, head_row


def _draw(
    grid: Grid, red: set[tuple[int, int]], says: dict[int, list[str]], head_row: int, faults: list[Refused]
) -> bytes:
    out = io.BytesIO()
    book = new_book(out)
    paper = book.add_worksheet("Sheet1")
    style = {"valign": "vcenter", "num_format": "@"}
    day = {"valign": "vcenter", "num_format": "yyyy-mm-dd"}
    colour = {"bg_color": "#FFC7CE", "font_color": "#9C0006", "border": 1}
    formats = {
        (is_date, is_red): book.add_format({**(day if is_date else style), **(colour if is_red else {})})
        for is_date in (False, True)
        for is_red in (False, True)
    }
    said = book.add_format({"font_color": "#9C0006", "text_wrap": True, "valign": "vcenter"})
    width = max((len(cells) for cells in grid), default=0)
    # A file that was given back before brings its column 错误说明 along; the new text replaces the old.
    old = next(
        (at for at, cell in enumerate(grid[head_row] if grid else []) if plain(cell) == plain(ERRORS)), None
    )
    column = width if old is None else old
    for row, cells in enumerate(grid):
        for at, cell in enumerate(cells):
            if at == old:
                continue
            _put(paper, row, at, cell, formats[isinstance(cell, date), (row, at) in red])
    for row, at in red:
        if row < len(grid) and (at >= len(grid[row]) or grid[row][at] is None):
            paper.write_blank(row, at, None, formats[False, True])
    paper.set_column(0, max(0, column - 1), 16)
    paper.set_column(column, column, 60)
    paper.write_string(head_row, column, ERRORS, said)
    for row, texts in says.items():
        if row != head_row:
            paper.write_string(row, column, "\n".join(texts), said)
    summary = book.add_worksheet("错误汇总")
    summary.set_column(0, 0, 30)
    summary.set_column(1, 1, 90)
    for row, (where, text) in enumerate([("位置", ERRORS), *((fault.where, str(fault)) for fault in faults)]):
        summary.write_string(row, 0, where)
        summary.write_string(row, 1, text)
    book.close()
    return out.getvalue()


def _put(paper: Any, row: int, column: int, cell: Cell, form: object) -> None:
    if isinstance(cell, bool):
        paper.write_boolean(row, column, cell, form)
    elif isinstance(cell, datetime | date):
        paper.write_datetime(row, column, cell, form)
    elif isinstance(cell, int | float):
        paper.write_number(row, column, cell, form)
    elif cell is not None:
        paper.write_string(row, column, cell, form)
