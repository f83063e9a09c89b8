"""Find the header of a table in an upload: by name, in any order, below any title, one or two rows deep."""

from collections import Counter
from dataclasses import dataclass
from itertools import zip_longest

from yangguang.rules.base.folding import fold_label
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.sheets.file_grid import Grid
from yangguang.sheets.sheet import Cell, Col, Sheet

ERRORS = "错误说明"  # the column that error_workbook adds; an upload may still have it
MAX_HEADER_ROW = 40  # rows of the file searched for the header; no form has a longer title


@dataclass(frozen=True, slots=True)
class Header:
    """The header found in a file.

    Args:
        first_row, last_row: row numbers of its rows in the file, from 1; the data begin below them.
        columns: file column, from 0 → the column of the sheet.
        error_column: file column of what `error_workbook` wrote, or None.
    """

    first_row: int
    last_row: int
    columns: dict[int, Col]
    error_column: int | None = None


def normalise(cell: Cell) -> str:
    """The text of a cell for comparing headers, as `fold_label`; "" for an empty cell."""
    return fold_label(str(cell)) if cell is not None else ""


def find_header(grid: Grid, sheet: Sheet) -> Header:
    """Find the header of `sheet` in `grid`: the row or pair of rows with the most names of its columns.

    Raises:
        BadRows: no header, a column missing, unknown or present twice; each column named.
    """
    columns = {normalise(name): col for col in sheet.columns for name in (col.header, *col.aliases)}
    groups = {normalise(col.group) for col in sheet.columns if col.group}
    score, first_row, last_row, names = 0, 0, 0, list[str]()
    for row in range(min(MAX_HEADER_ROW, len(grid))):
        for depth in (1, 2) if groups else (1,):
            candidate = _read_names(grid, row, depth)
            if (matches := sum(name in columns for name in candidate)) > score:
                score, first_row, last_row, names = matches, row + 1, row + depth, candidate
    advice = f"请改用这样的表头：{'、'.join(col.header for col in sheet.columns)}"
    if not score:
        required = [col for col in sheet.columns if col.required] or sheet.columns
        faults = [Refused(f"缺少“{col.header}”一列", where=f"表头·{col.header}") for col in required]
        raise BadRows("没有找到表头", faults, now=advice)
    if faults := _find_faults(sheet, names, columns, groups, f"第 {last_row} 行"):
        raise BadRows("表头不对", faults, now=advice)
    by_column = {at: columns[name] for at, name in enumerate(names) if name in columns}
    errors = normalise(ERRORS)
    return Header(first_row, last_row, by_column, names.index(errors) if errors in names else None)


def _read_names(grid: Grid, row: int, depth: int) -> list[str]:
    """The header names that begin in `row`; of two rows the lower name, or the upper one where that is empty."""
    upper = [normalise(cell) for cell in grid[row]]
    if depth == 1:
        return upper
    lower = [normalise(cell) for cell in grid[row + 1]] if row + 1 < len(grid) else []
    return [below or above for above, below in zip_longest(upper, lower, fillvalue="")]


def _find_faults(
    sheet: Sheet, names: list[str], columns: dict[str, Col], groups: set[str], where: str
) -> list[Refused]:
    faults = []
    count = Counter(columns[name].key for name in names if name in columns)
    for col in sheet.columns:
        position = f"{where}·{col.header}"
        if col.required and not count[col.key]:
            faults.append(Refused(f"缺少“{col.header}”一列", where=position))
        if count[col.key] > 1:
            faults.append(Refused(f"“{col.header}”一列出现了 {count[col.key]} 次", where=position))
    known = {*columns, *groups, normalise(ERRORS), ""}
    faults += [Refused(f"不认识“{name[:40]}”一列", where=where) for name in names if name not in known]
    return faults
