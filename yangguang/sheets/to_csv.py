"""A sheet as CSV for Excel: UTF-8 with byte order mark, one header row, no cell that acts as a formula."""

import csv
import io

from yangguang.sheets.cell_text import format_value
from yangguang.sheets.filled_sheet import FilledSheet

# A cell that begins with one of these is run as a formula by a spreadsheet that reads CSV.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def escape_formula(text: str) -> str:
    """Put an apostrophe before a text that could act as a formula; `unescape_formula` removes it."""
    return "'" + text if text.lstrip("'").startswith(FORMULA_STARTS) else text


def unescape_formula(text: str) -> str:
    """The inverse of `escape_formula`, for reading our own files back."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS) else text


def render_csv(filled: FilledSheet) -> bytes:
    """The bytes of a CSV file: UTF-8 with byte order mark, CRLF; one header row, rows and total row as printed.

    A printed form (one with an annex) has its title, notes, corrections and check code above and below the table;
    a plain list is header and rows only.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    columns, is_form = filled.sheet.columns, bool(filled.annex)
    writer.writerows(_top(filled) if is_form else [])
    writer.writerow([escape_formula(col.header) for col in columns])
    for row in filled.body:
        writer.writerow(
            [
                format_value(col, row[col.key])
                if isinstance(row[col.key], int)
                else escape_formula(format_value(col, row[col.key]))
                for col in columns
            ]
        )
    writer.writerows([escape_formula(line)] for line in (filled.foot if is_form else []))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _top(filled: FilledSheet) -> list[list[str]]:
    lines = [[filled.annex], [filled.title], [filled.subtitle], [filled.seal_label, filled.sheet.unit_label]]
    return [[escape_formula(text) for text in line if text] for line in lines if any(line)]
