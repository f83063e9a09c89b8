"""The limited process that parses an uploaded workbook: bytes in on stdin, one JSON line a row out.

It imports nothing of ours, so that it starts fast and `python -I` can run it; `grid.py` is its only caller.
"""

import datetime
import io
import json
import resource
import sys

MEMORY = 1024 * 2**20  # bytes of address space
CPU_SECONDS = 20
MAX_OUTPUT = 256 * 2**20  # bytes
MAX_COLUMNS = 300
TOO_MANY_ROWS, TOO_MANY_COLUMNS, NO_TABLE, NOT_PARSED = 3, 4, 5, 6


def limit() -> None:
    """Take away from this process what parsing a table does not need."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        resource.setrlimit(what, (most, most))


def plain(cell: object) -> object:
    """A cell as JSON: text, number, truth, None, or {"d": ISO date}."""
    if cell == "" or cell is None:
        return None
    if isinstance(cell, str | int | float):
        return cell
    if isinstance(cell, datetime.date):
        return {"d": cell.isoformat()}
    return str(cell)


def main(max_rows: int) -> int:
    limit()
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        wanted = [
            meta.name
            for meta in book.sheets_metadata
            if meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible
        ]
        # The first visible worksheet with anything in it; templates keep their word lists on hidden ones.
        for name in wanted:
            sheet = book.get_sheet_by_name(name)
            if sheet.end is not None and sheet.height:
                break
        else:
            return NO_TABLE
    except Exception:  # whatever a broken workbook makes the parser raise, the answer is the same
        return NOT_PARSED
    last_row, last_column = sheet.end
    if last_column >= MAX_COLUMNS:
        return TOO_MANY_COLUMNS
    if last_row >= max_rows:
        return TOO_MANY_ROWS
    written = 0
    for row in sheet.iter_rows():
        line = json.dumps([plain(cell) for cell in row], ensure_ascii=True, allow_nan=True) + "\n"
        written += len(line)
        if written > MAX_OUTPUT:
            return TOO_MANY_ROWS
        sys.stdout.write(line)
    sys.stdout.write("end\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
