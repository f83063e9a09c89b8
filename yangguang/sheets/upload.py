"""Read an upload back through the sheet that declares it: all rows, or every fault by row and column."""

import re
from collections.abc import Sequence

from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.sheets.cells import read_cell, written
from yangguang.sheets.file_grid import Cell, read_grid
from yangguang.sheets.filled_sheet import DoesNotAddUp, check_row
from yangguang.sheets.header_detection import Head, find_head, plain
from yangguang.sheets.sheet import Col, Row, Sheet, Value

MAX_FAULTS = 500  # beyond this nobody reads on
_NOTE = re.compile(
    r"(备注|注)[:：]|（[一二三四五六七八九十]+）|\d+[.．、]|统计口径（平台注）：|校验码："
    # What the platform itself writes below a form.
    r"|更正(\d+月封存数)?：|另有 \d+ 人正在|本表尚未封存"
)


class ReadRows(list[Row]):
    """The rows of an upload; a plain list for whoever wants no more.

    Attributes:
        lines: the line of the file, from 1, on which each row stands.
        total: the total row, or None.
        total_line, head_line: where these stand.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []
        self.total: Row | None = None
        self.total_line = 0
        self.head_line = 0


def place(line: int, header: str = "") -> str:
    """Where a fault stands, as every `Refused.where` of a sheet says it: "第 7 行·招生任务（人）"."""
    return f"第 {line} 行·{header}" if header else f"第 {line} 行"


def read_upload(data: bytes, filename: str, sheet: Sheet) -> ReadRows:
    """Read a file that was filled in after `sheet`.

    Args:
        data, filename: .xlsx, or .csv in UTF-8 or GB18030. Titles, notes and empty rows are passed over.

    Returns:
        one dict a row with all keys of the sheet; sums and rates left empty are computed.

    Raises:
        BadRows: with one Refused for every faulty cell; `where` names line and column.
        Refused: the file as a whole cannot be read.
    """
    grid = read_grid(data, filename, max_rows=sheet.max_rows + 100)
    head = find_head(grid, sheet)
    reading = _Reading(sheet, head)
    for at in range(head.row + head.depth, len(grid)):
        reading.take(at + 1, grid[at])
        if len(reading.faults) > MAX_FAULTS:
            break
    return reading.done()


class _Reading:
    """Rows and faults as they come up, from the first line below the head to the last."""

    def __init__(self, sheet: Sheet, head: Head) -> None:
        self.sheet, self.head = sheet, head
        self.rows = ReadRows()
        self.rows.head_line = head.line
        self.faults: list[Refused] = []
        self.seen: dict[str, dict[Value, int]] = {col.key: {} for col in sheet.columns if col.unique}
        self.heads = {plain(name) for col in sheet.columns for name in (col.header, col.group)}

    def take(self, line: int, cells: Sequence[Cell]) -> None:
        filled = [plain(cell) for cell in cells if plain(cell)]
        if not filled or all(text in self.heads for text in filled):
            return  # an empty line, or the head repeated on a new page
        # A note stands alone in its line. Its text says whether it is one, not its position, because the
        # printed target table has its first note between row 16 and row 17.
        if len(filled) == 1 and len(self.sheet.columns) > 1 and self._is_note(cells):
            return
        found = {col.key: cells[at] if at < len(cells) else None for at, col in self.head.places.items()}
        if self._is_total(found):
            self._take_total(line, found)
        else:
            self._take_row(line, found)

    def _is_note(self, cells: Sequence[Cell]) -> bool:
        text = next(str(cell).strip() for cell in cells if plain(cell))
        return bool(_NOTE.match(text))

    def _is_total(self, found: dict[str, Cell]) -> bool:
        rule = self.sheet.total
        return (
            rule is not None
            and self.rows.total is None
            and not plain(found.get(rule.blank_key))
            and bool(plain(found.get(rule.label_key)))
        )

    def _take_total(self, line: int, found: dict[str, Cell]) -> None:
        rule = self.sheet.total
        assert rule is not None
        row: Row = {col.key: None for col in self.sheet.columns}
        for key in (rule.label_key, *rule.sums):
            row[key] = self._value(line, self.sheet.column(key), found.get(key))
        self.rows.total, self.rows.total_line = row, line

    def _take_row(self, line: int, found: dict[str, Cell]) -> None:
        faults = len(self.faults)
        row: Row = {col.key: self._value(line, col, found.get(col.key)) for col in self.sheet.columns}
        for key, seen in self.seen.items():
            value = row[key]
            if value is not None and seen.setdefault(value, line) != line:
                header = self.sheet.column(key).header
                self.faults.append(
                    Refused(
                        f"‘{written(value)}’与第 {seen[value]} 行重复",
                        now="请核对",
                        where=place(line, header),
                    )
                )
        if len(self.faults) == faults:
            try:
                check_row(self.sheet, row, place(line))
            except DoesNotAddUp as fault:
                self.faults.append(fault)
        self.rows.append(row)
        self.rows.lines.append(line)

    def _value(self, line: int, col: Col, cell: Cell) -> Value:
        try:
            return read_cell(col, cell)
        except Refused as fault:
            fault.where = place(line, col.header)
            self.faults.append(fault)
            return None

    def done(self) -> ReadRows:
        if self.faults:
            count = f"{MAX_FAULTS} 处以上" if len(self.faults) > MAX_FAULTS else f"{len(self.faults)} 处"
            raise BadRows(
                f"文件中有 {count}错误，没有写入任何数据",
                self.faults[:MAX_FAULTS],
                now="请按提示改正后重新上传，只改有错的格子即可",
            )
        if not self.rows:
            raise BadRows(
                "表头下面没有数据",
                [Refused("没有一行数据", where=place(self.head.line + 1))],
                now="请填好表格再上传",
            )
        return self.rows
