"""A sheet as CSV that Excel opens right: UTF-8 with mark, one head row, no cell that acts as a formula."""

import csv
import io

from yangguang.sheets.cell_text import shown
from yangguang.sheets.filled_sheet import Filled

# A cell that begins with one of these is run as a formula by a spreadsheet that reads CSV.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def defuse(text: str) -> str:
    """Put an apostrophe before a text that could act as a formula; `arm` takes exactly this one away."""
    return "'" + text if text.lstrip("'").startswith(FORMULA_STARTS) else text


def arm(text: str) -> str:
    """The opposite of `defuse`, for reading our own files back."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS) else text


def render_csv(filled: Filled) -> bytes:
    """UTF-8 with mark, CRLF lines; the head in one row, rows and total row as printed.

    A printed form (one with an annex) keeps its title, notes, corrections and check code round the table, as on
    paper; a plain list is head and rows alone.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    columns, is_form = filled.sheet.columns, bool(filled.annex)
    writer.writerows(_top(filled) if is_form else [])
    writer.writerow([defuse(col.header) for col in columns])
    for row in filled.body:
        writer.writerow(
            [
                shown(col, row[col.key])
                if isinstance(row[col.key], int)
                else defuse(shown(col, row[col.key]))
                for col in columns
            ]
        )
    writer.writerows([defuse(line)] for line in (filled.foot if is_form else []))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _top(filled: Filled) -> list[list[str]]:
    lines = [[filled.annex], [filled.title], [filled.subtitle], [filled.seal_line, filled.sheet.unit_line]]
    return [[defuse(text) for text in line if text] for line in lines if any(line)]
