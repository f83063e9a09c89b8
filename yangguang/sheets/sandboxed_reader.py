"""The limited process that parses an uploaded workbook: bytes in on stdin, one line of JSON for each row on stdout.

It imports nothing of ours, so that it starts fast and `python -I` can run it; `file_grid.py` is its only caller.
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


def main(max_rows: int) -> int:
    """Parse the first visible worksheet with content; return the exit code.

    Args:
        max_rows: more rows are refused with TOO_MANY_ROWS.
    """
    limit_resources()
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        wanted = [
            meta.name
            for meta in book.sheets_metadata
            if meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible
        ]
        # Templates have their word lists on hidden worksheets.
        for name in wanted:
            sheet = book.get_sheet_by_name(name)
            if sheet.end is not None and sheet.height:
                break
        else:
            return NO_TABLE
    except Exception:  # The parser raises many types on a broken workbook; all mean the same.
        return NOT_PARSED
    last_row, last_column = sheet.end
    if last_column >= MAX_COLUMNS:
        return TOO_MANY_COLUMNS
    if last_row >= max_rows:
        return TOO_MANY_ROWS
    written = 0
    for row in sheet.iter_rows():
        line = json.dumps([to_json(cell) for cell in row], ensure_ascii=True, allow_nan=True) + "\n"
        written += len(line)
        if written > MAX_OUTPUT:
            return TOO_MANY_ROWS
        sys.stdout.write(line)
    sys.stdout.write("end\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
