"""Read an upload through the sheet that declares it: all of its rows, or every fault by row and column."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.sheets.cell_text import quote_cell
from yangguang.sheets.cells import read_cell
from yangguang.sheets.file_grid import Grid, read_grid
from yangguang.sheets.filled_sheet import TotalMismatch, complete_row
from yangguang.sheets.header_detection import RUNNING_NUMBER, Header, find_header, normalise, strip_marks
from yangguang.sheets.sheet import Cell, Col, ColKind, Row, Sheet, Total, Value

MAX_FAULTS = 500
Check = Callable[[int, Row], Iterable[Refused]]
"""From the row number in the file and the row to what is wrong with it."""
# All of these are matched against texts as `normalise` gives them.
_NOTE = re.compile(
    r"(备注|注|说明|填表说明):|\([一二三四五六七八九十]+\)|\d{1,2}[.、](?!\d)|统计口径\(平台注\):|校验码:"
    # What the platform itself writes below a form.
    r"|更正(\d+月封存数)?:|另有\d+人正在|本表尚未封存"
)
_SIGNATURE = re.compile(
    r"(填表|制表|填报|报送|上报|审核|复核|校对|经办|负责|联系)(人|单位|日期|时间|电话)?:"
    r"|\(?(单位|学校)?\(?(盖章|公章)"
)
_YEAR = re.compile(r"(20\d\d)年")
_RUNNING = re.compile(r"\d{1,6}(\.0)?")
_DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日$")
_TOTAL = re.compile(r"(合|总|小|共|累)计(:|\d|$|\(|人数)")


class UploadRows(list[Row]):
    """The rows of an upload, each a dict with all keys of the sheet.

    Attributes:
        file_rows: for each row, its row number in the file, from 1.
        total: the total row, or None.
        total_row_number, head_row_number: row numbers of the total row and of the last header row.
    """

    def __init__(self) -> None:
        super().__init__()
        self.file_rows: list[int] = []
        self.total: Row | None = None
        self.total_row_number = 0
        self.head_row_number = 0

    def numbered(self) -> Iterator[tuple[int, Row]]:
        """Each row after its row number in the file."""
        return zip(self.file_rows, self, strict=True)


def format_position(file_row: int, header: str = "") -> str:
    """The `Refused.where` of a fault in a sheet: "第 7 行·招生任务（人）"."""
    return f"第 {file_row} 行·{header}" if header else f"第 {file_row} 行"


def bad_rows(faults: Sequence[Refused]) -> BadRows:
    """The refusal of a file for these faults, the first `MAX_FAULTS` of them listed in the order of the rows."""
    count = f"{MAX_FAULTS} 处以上" if len(faults) > MAX_FAULTS else f"{len(faults)} 处"
    ordered = sorted(faults, key=lambda fault: int(fault.where.split()[1].partition("·")[0]))
    now = "请按提示改正后重新上传，只改有错的格子即可"
    return BadRows(f"文件中有 {count}错误，没有写入任何数据", ordered[:MAX_FAULTS], now=now)


def read_upload(
    data: bytes, filename: str, sheet: Sheet, *, check: Check | None = None, year: int | None = None
) -> UploadRows:
    """Read a file that was filled in on the layout of `sheet`.

    Args:
        data, filename: .xlsx, or .csv in UTF-8, GB18030 or UTF-16. Titles, notes and empty rows are skipped; every
            other row is returned or refused, and so is every cell outside the columns of the sheet.
        check: what is wrong with a row besides its cells, so that all faults of a file come at once; a cell that
            could not be read is None there.
        year: for which the file is; a title that names only other years is refused.

    Returns:
        one dict a row with all keys of the sheet; sums and rates left empty are computed.

    Raises:
        BadRows: with one Refused for every faulty cell; `where` names row and column.
        Refused: the file as a whole cannot be read.
    """
    grid = read_grid(data, filename, max_rows=sheet.max_rows + 100)
    header = find_header(grid, sheet)
    if year:
        _check_year(grid[: header.first_row - 1], year)
    reader = _UploadReader(sheet, header, grid, check)
    for file_row, cells in enumerate(grid, start=1):
        reader.read_row(file_row, cells)
        if len(reader.faults) > MAX_FAULTS:
            break
    reader.raise_faults()
    return reader.rows


def _check_year(title: Sequence[Sequence[Cell]], year: int) -> None:
    years = {int(number) for cells in title for cell in cells for number in _YEAR.findall(normalise(cell))}
    if years and year not in years:
        what = f"表格的标题写的是{'、'.join(f'{one}年' for one in sorted(years))}，这里办理的是{year}年"
        raise Refused(what, now="请核对文件和年度；文件没有选错的，请改正标题")


class _UploadReader:
    """Collects rows and faults, row by row."""

    def __init__(self, sheet: Sheet, header: Header, grid: Grid, check: Check | None) -> None:
        self.sheet, self.header, self.grid, self.check = sheet, header, grid, check
        self.rows = UploadRows()
        self.rows.head_row_number = header.last_row
        self.faults: list[Refused] = []
        self.first_rows: dict[str, dict[Value, int]] = {col.key: {} for col in sheet.columns if col.unique}
        self.headers = {normalise(name) for col in sheet.columns for name in (col.header, col.group)}

    def read_row(self, file_row: int, cells: Sequence[Cell]) -> None:
        texts = {at: text for at, cell in enumerate(cells) if (text := normalise(cell))}
        if file_row <= self.header.last_row:
            self._check_above(file_row, texts)
            return
        if not texts or self._is_header(file_row, texts) or self._is_only_numbered(texts) or self._is_note(texts):
            return
        self._check_visible(file_row, texts)
        by_key = {col.key: cells[at] if at < len(cells) else None for at, col in self.header.columns.items()}
        rule = self.sheet.total if self.rows.total is None else None
        if rule and normalise(by_key.get(rule.label_key)) and not normalise(by_key.get(rule.blank_key)):
            self._read_total(file_row, by_key, rule)
        elif _TOTAL.match(texts[min(texts)]):
            self._add_fault("这是合计行，不是一行数据", "请删去这一行", file_row)
        else:
            self._read_data(file_row, by_key)

    def _check_above(self, file_row: int, texts: dict[int, str]) -> None:
        """Add a fault for a row of data above the header, which would be passed over as a title."""
        required = {at for at, col in self.header.columns.items() if col.required}
        # A title fills one cell, or two with the unit of the numbers.
        if file_row < self.header.first_row and len(texts) > 1 and required and required <= set(texts):
            self._add_fault("这一行在表头上面，读不到", "请把表头移到所有数据的上面", file_row)

    def _is_header(self, file_row: int, texts: dict[int, str]) -> bool:
        """Whether the row is the header repeated on a new page; with other columns it is a fault."""
        if not all(strip_marks(text, self.headers) in self.headers for text in texts.values()):
            return False
        names = {at: strip_marks(text, self.headers) for at, text in texts.items()}
        same = [at for at, col in self.header.columns.items() if normalise(col.header) == names.get(at)]
        if len(texts) > 1 and len(same) < len(set(texts) & set(self.header.columns)):
            self._add_fault("这里又有一个表头，列的次序与前面的不同", "请把两张表合并成列序相同的一张", file_row)
        return True

    def _is_only_numbered(self, texts: dict[int, str]) -> bool:
        """Whether nothing but the running number of an empty template row is there."""
        [at] = texts if len(texts) == 1 else [-1]
        col = self.header.columns.get(at)
        return col is not None and col.header == RUNNING_NUMBER.header and bool(_RUNNING.fullmatch(texts[at]))

    def _is_note(self, texts: dict[int, str]) -> bool:
        """Whether a row is a note, which is its only text, or says who filled in the table and when.

        The wording identifies a note, not its position, because the printed target table has its first note between
        row 16 and row 17.
        """
        if len(texts) == 1 and any(map(_NOTE.match, texts.values())):
            return True
        days = {at for at, col in self.header.columns.items() if col.kind == ColKind.DATE}
        return all(_SIGNATURE.match(text) or (at not in days and _DAY.match(text)) for at, text in texts.items())

    def _check_visible(self, file_row: int, texts: dict[int, str]) -> None:
        """Add a fault for content that a reader of the sheet does not see, or that belongs to no column."""
        if file_row - 1 in self.grid.hidden_rows:
            self._add_fault("这一行在表格里是隐藏的", "请取消筛选和隐藏；不报送的行请删去", file_row)
        for at in texts:
            if at not in self.header.columns and at != self.header.error_column:
                self._add_fault("这一格的上面没有表头", "请补上表头，或者删去这一格", file_row, f"{_letters(at)}列")
        for at, col in self.header.columns.items():
            if (file_row - 1, at) in self.grid.merged:
                self._add_fault("这一格与别的格合并了，读不出内容", "请取消合并，每一格各自填写", file_row, col.header)

    def _add_fault(self, what: str, now: str, file_row: int, header: str = "") -> None:
        self.faults.append(Refused(what, now=now, where=format_position(file_row, header)))

    def _read_total(self, file_row: int, cells: dict[str, Cell], rule: Total) -> None:
        row: Row = {col.key: None for col in self.sheet.columns}
        for key in (rule.label_key, *rule.sums):
            row[key] = self._read_value(file_row, self.sheet.column(key), cells.get(key))
        self.rows.total, self.rows.total_row_number = row, file_row

    def _read_data(self, file_row: int, cells: dict[str, Cell]) -> None:
        fault_count = len(self.faults)
        merged = {col.key for at, col in self.header.columns.items() if (file_row - 1, at) in self.grid.merged}
        row: Row = {
            col.key: None if col.key in merged else self._read_value(file_row, col, cells.get(col.key))
            for col in self.sheet.columns
        }
        for key, first_rows in self.first_rows.items():
            value = row[key]
            if value is not None and (first := first_rows.setdefault(value, file_row)) != file_row:
                what = f"‘{quote_cell(value)}’与第 {first} 行重复"
                where = format_position(file_row, self.sheet.column(key).header)
                self.faults.append(Refused(what, now="请核对", where=where))
        self.faults += self.check(file_row, row) if self.check else ()
        if len(self.faults) == fault_count:
            try:
                complete_row(self.sheet, row, format_position(file_row))
            except TotalMismatch as fault:
                self.faults.append(fault)
        self.rows.append(row)
        self.rows.file_rows.append(file_row)

    def _read_value(self, file_row: int, col: Col, cell: Cell) -> Value:
        try:
            return read_cell(col, cell)
        except Refused as fault:
            fault.where = format_position(file_row, col.header)
            self.faults.append(fault)
            return None

    def raise_faults(self) -> None:
        """Raise BadRows when there are faults or no row at all."""
        if self.faults:
            raise bad_rows(self.faults)
        if not self.rows:
            empty = Refused("没有一行数据", where=format_position(self.header.last_row + 1))
            raise BadRows("表头下面没有数据", [empty], now="请填好表格再上传")


def _letters(column: int) -> str:
    """The name of a column, from 0, in a spreadsheet: A, B, … Z, AA."""
    return (_letters(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)
