"""Read a table of the operator's commands: a CSV with English column names in its first row, whole or not at all."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from yangguang.rules.base.folding import fold_text, is_mark
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.sheets.cell_text import quote_cell
from yangguang.sheets.file_grid import Grid, read_grid
from yangguang.sheets.sheet import Cell

ROW = "row"
"""The key under which a row has its number in the file, as text."""


def read_operator_table(
    data: bytes, filename: str, columns: Collection[str], optional: Collection[str] = ()
) -> list[dict[str, str]]:
    """The rows with content, each with its number under `ROW`; cells without blanks and invisible marks around them.

    Args:
        data: CSV with commas, semicolons or tabs, in UTF-8, GB18030 or UTF-16.
        columns: those the file must have. optional: those it may have; any other one is a fault.

    Raises:
        BadRows: columns that are unknown or there twice, cells without a head, control characters; by file and row.
        Refused: a column is missing, or the file is no such table.
    """
    if data.startswith(b"PK"):
        raise Refused(f"{filename} 不是 CSV 文件", now="请另存为“CSV UTF-8（逗号分隔）”")
    try:
        grid = read_grid(data, f"{filename}.csv") if data.strip() else Grid()
    except Refused as refusal:
        raise Refused(f"{filename}：{refusal.what}", why=refusal.why, now=refusal.now) from refusal
    names = [fold_text(str(cell or "")) for cell in grid[0]] if grid else []
    if missing := [column for column in columns if column not in names]:
        raise Refused(f"{filename} 缺少列：{'、'.join(missing)}", now="请对照自带的同名文件")
    if faults := [*_find_column_faults(names, {*columns, *optional}), *_find_cell_faults(grid, names)]:
        for fault in faults:
            fault.where = f"{filename} {fault.where}"
        raise BadRows(f"{filename} 有 {len(faults)} 处错误，没有写入任何数据", faults, now="请改正后重新载入")
    return [
        {name: _clean(cell) for name, cell in zip(names, [*cells, *[None] * len(names)], strict=False) if name}
        | {ROW: str(at)}
        for at, cells in enumerate(grid[1:], 2)
        if any(map(_clean, cells))
    ]


def _find_column_faults(names: Sequence[str], known: set[str]) -> Iterator[Refused]:
    for name, count in Counter(filter(None, names)).items():
        if name not in known:
            yield Refused(f"不认识“{name[:40]}”一列", now="请删去这一列", where="第 1 行")
        if count > 1:
            yield Refused(f"“{name}”一列出现了 {count} 次", now="请只留一列", where="第 1 行")


def _find_cell_faults(grid: Grid, names: Sequence[str]) -> Iterator[Refused]:
    for at, cells in enumerate(grid[1:], 2):
        for position, cell in enumerate(cells):
            text = _clean(cell)
            name = names[position] if position < len(names) else ""
            where = f"第 {at} 行·{name or f'第 {position + 1} 列'}"
            if text and not name:
                yield Refused(f"‘{text[:40]}’的上面没有列名", now="请核对这一行的逗号，或补上列名", where=where)
            if any(unicodedata.category(char) in ("Cc", "Co") and char not in "\r\n\t" for char in text):
                yield Refused("含有看不见的字符", now="请删去后重新输入这一格", where=where)


def _clean(cell: Cell) -> str:
    text = cell if isinstance(cell, str) else "" if cell is None else quote_cell(cell)
    return "".join(char for char in text if not is_mark(char)).strip()
