"""Find the header of a table in an upload: by name, in any order, below any title, one or two rows deep."""

import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from yangguang.rules.base.folding import fold_label
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.sheets.file_grid import Grid
from yangguang.sheets.sheet import Cell, Col, Sheet

ERRORS = "错误说明"  # the column that error_workbook adds; an upload may still have it
MAX_HEADER_ROW = 40  # rows of the file searched for the header; no form has a longer title
RUNNING_NUMBER = Col("序号", "running_number")
"""The running number that offices put in front of any list; it is skipped unless the sheet declares it."""
# What offices write around the name of a column: *姓名, 姓名（必填）, 姓名：.
_AROUND_NAME = re.compile(r"^\*+|[(\[](必填|必填项|选填|可不填)[)\]]|[*:]+$")


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


def strip_marks(name: str, known: Container[str]) -> str:
    """A header as `normalise` gives it, without the marks around it, unless they belong to a `known` name."""
    return name if name in known else _AROUND_NAME.sub("", name)


def find_header(grid: Grid, sheet: Sheet) -> Header:
    """Find the header of `sheet` in `grid`: the row or pair of rows with the most names of its columns.

    Raises:
        BadRows: no header, a column missing, unknown with content, or present twice; each column named.
    """
    columns = {normalise(name): col for col in sheet.columns for name in (col.header, *col.aliases)}
    columns.setdefault(normalise(RUNNING_NUMBER.header), RUNNING_NUMBER)
    known = {*columns, *(normalise(col.group) for col in sheet.columns), normalise(ERRORS), ""}
    score, first_row, last_row, names = 0, 0, 0, list[str]()
    # One row is tried first everywhere: with the title above it, it would be as good as two.
    for depth in (1, 2):
        for row in range(min(MAX_HEADER_ROW, len(grid))):
            candidate = _read_names(grid, row, depth, known)
            if (matches := sum(columns.get(name, RUNNING_NUMBER) is not RUNNING_NUMBER for name in candidate)) > score:
                score, first_row, last_row, names = matches, row + 1, row + depth, candidate
    advice = f"请改用这样的表头：{'、'.join(col.header for col in sheet.columns)}"
    if not score:
        required = [col for col in sheet.columns if col.required] or sheet.columns
        faults = [Refused(f"缺少“{col.header}”一列", where=f"表头·{col.header}") for col in required]
        raise BadRows("没有找到表头", faults, now=advice)
    unknown = [name for at, name in enumerate(names) if name not in known and _is_filled(grid[last_row:], at)]
    if faults := _find_faults(sheet, names, columns, unknown, f"第 {last_row} 行"):
        raise BadRows("表头不对", faults, now=advice)
    by_column = {at: columns[name] for at, name in enumerate(names) if name in columns}
    errors = normalise(ERRORS)
    return Header(first_row, last_row, by_column, names.index(errors) if errors in names else None)


def _read_names(grid: Grid, row: int, depth: int, known: Container[str]) -> list[str]:
    """The header names that begin in `row`; of two rows the lower name, or the upper one where that is empty."""
    upper, lower = ([strip_marks(normalise(cell), known) for cell in cells] for cells in [*grid[row : row + 2], []][:2])
    if depth == 1:
        return upper
    return [below or above for above, below in zip_longest(upper, lower, fillvalue="")]


def _is_filled(rows: Sequence[Sequence[Cell]], column: int) -> bool:
    return any(normalise(cells[column]) for cells in rows if column < len(cells))


def _find_faults(
    sheet: Sheet, names: list[str], columns: dict[str, Col], unknown: list[str], where: str
) -> list[Refused]:
    faults = []
    count = Counter(columns[name].key for name in names if name in columns)
    for col in {col.key: col for col in (*sheet.columns, *columns.values())}.values():
        position = f"{where}·{col.header}"
        if col.required and not count[col.key]:
            faults.append(Refused(f"缺少“{col.header}”一列", where=position))
        if count[col.key] > 1:
            faults.append(Refused(f"“{col.header}”一列出现了 {count[col.key]} 次", where=position))
    advice = "请删去这一列，或者改正列名"
    return faults + [Refused(f"不认识“{name[:40]}”一列", now=advice, where=where) for name in unknown]
