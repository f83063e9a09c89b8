"""Find the head of a table in an upload: by name, in any order, below any title, one or two rows deep."""

import unicodedata
from collections import Counter
from dataclasses import dataclass

from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.sheets.file_grid import Cell, Grid
from yangguang.sheets.sheet import Col, Sheet

ERRORS = "错误说明"  # the column that error_workbook adds; it may stay when the mended file comes back
LOOK_AT = 40  # rows; no form has a longer title


@dataclass(frozen=True, slots=True)
class Head:
    """Where the head stands: first row (from 0), how many rows, and which file column holds which Col."""

    row: int
    depth: int
    places: dict[int, Col]

    @property
    def line(self) -> int:
        """The last head line as Excel counts it, from 1."""
        return self.row + self.depth


def plain(cell: Cell) -> str:
    """A head for comparing: full width becomes half width, blanks and line breaks go."""
    return "".join(unicodedata.normalize("NFKC", str(cell)).split()).casefold() if cell is not None else ""


def find_head(grid: Grid, sheet: Sheet) -> Head:
    """The head of `sheet` in `grid`.

    Raises:
        BadRows: no head, a column missing, unknown or there twice; each column named.
    """
    names = {plain(name): col for col in sheet.columns for name in (col.header, *col.aliases)}
    groups = {plain(col.group) for col in sheet.columns if col.group}
    best: tuple[int, int, int, list[str]] = (0, 0, 0, [])
    for row in range(min(LOOK_AT, len(grid))):
        for depth in (1, 2) if groups else (1,):
            heads = _heads(grid, row, depth)
            score = sum(head in names for head in heads)
            if score > best[0]:
                best = (score, row, depth, heads)
    score, row, depth, heads = best
    wanted = "、".join(col.header for col in sheet.columns)
    if not score:
        must = [col.header for col in sheet.columns if col.required] or [col.header for col in sheet.columns]
        faults = [Refused(f"缺少“{header}”一列", where=f"表头·{header}") for header in must]
        raise BadRows("没有找到表头", faults, now=f"请改用这样的表头：{wanted}")
    faults = _faults(sheet, heads, names, groups, f"第 {row + depth} 行")
    if faults:
        raise BadRows("表头不对", faults, now=f"请改用这样的表头：{wanted}")
    return Head(row, depth, {at: names[head] for at, head in enumerate(heads) if head in names})


def _heads(grid: Grid, row: int, depth: int) -> list[str]:
    upper = [plain(cell) for cell in grid[row]]
    if depth == 1:
        return upper
    lower = [plain(cell) for cell in grid[row + 1]] if row + 1 < len(grid) else []
    width = max(len(upper), len(lower))
    upper += [""] * (width - len(upper))
    lower += [""] * (width - len(lower))
    return [below or above for above, below in zip(upper, lower, strict=True)]


def _faults(
    sheet: Sheet, heads: list[str], names: dict[str, Col], groups: set[str], where: str
) -> list[Refused]:
    faults = []
    count = Counter(names[head].key for head in heads if head in names)
    for col in sheet.columns:
        if col.required and not count[col.key]:
            faults.append(Refused(f"缺少“{col.header}”一列", where=f"{where}·{col.header}"))
        if count[col.key] > 1:
            faults.append(
                Refused(f"“{col.header}”一列出现了 {count[col.key]} 次", where=f"{where}·{col.header}")
            )
    known = {*names, *groups, plain(ERRORS), ""}
    faults += [Refused(f"不认识“{head[:40]}”一列", where=where) for head in heads if head not in known]
    return faults
