"""A sheet as CSV for Excel: UTF-8 with byte order mark, one header row, no cell run as a formula or rounded."""

import csv
import io
import re
from collections.abc import Iterable

from yangguang.sheets.cell_text import format_value
from yangguang.sheets.filled_sheet import FilledSheet

# A cell that begins with one of these is run as a formula by a spreadsheet that reads CSV.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


# A spreadsheet keeps 15 digits of a number and takes 41E01 for one.
_ROUNDED = re.compile(r"\d{16,}|\d+E\d+", re.ASCII | re.IGNORECASE)


def escape_cell(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run or round; `unescape_cell` removes it."""
    return "'" + text if _is_changed_by_spreadsheets(text) else text


def unescape_cell(text: str) -> str:
    """The inverse of `escape_cell`, for reading our own files back."""
    return text[1:] if text.startswith("'") and _is_changed_by_spreadsheets(text) else text


def _is_changed_by_spreadsheets(text: str) -> bool:
    plain = text.lstrip("'")
    return plain.startswith(FORMULA_STARTS) or _ROUNDED.fullmatch(plain) is not None


def render_csv(filled: FilledSheet) -> bytes:
    """The bytes of a CSV file: UTF-8 with byte order mark, CRLF; one header row, rows and total row as printed.

    A printed form (one with an annex) has its title, notes, corrections and check code above and below the table;
    a plain list is header and rows only.
    """
    sheet = filled.sheet
    table = [[col.header for col in sheet.columns]]
    table += [[format_value(col, row[col.key]) for col in sheet.columns] for row in filled.body]
    if sheet.annex:
        head = [[sheet.annex], [sheet.title], [sheet.subtitle], [sheet.seal_label, sheet.unit_label]]
        top = [[text for text in texts if text] for texts in head if any(texts)]
        table = [*top, *table, *([line] for line in filled.foot)]
    return render_texts(table)


def render_texts(table: Iterable[Iterable[str]]) -> bytes:
    """The bytes of a CSV file of texts that are no sheet: as those of `render_csv`."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([escape_cell(text) for text in texts] for texts in table)
    return b"\xef\xbb\xbf" + out.getvalue().encode()
