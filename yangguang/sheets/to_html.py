"""A sheet as an accessible HTML table, and as a full A4 page that looks like the official paper when printed."""

from functools import cache
from pathlib import Path

from django.template import Context, Engine
from django.utils.safestring import SafeString

from yangguang.sheets.filled import Filled
from yangguang.sheets.heads import head_rows
from yangguang.sheets.kernel import Kind
from yangguang.sheets.shown import shown

# Own engine: drawing a sheet needs neither settings nor the site's tags, so it also works in a job or a command.
_TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "sheets"


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(_TEMPLATES)], autoescape=True)


def render_html(filled: Filled) -> SafeString:
    """The table with caption, scoped heads and notes, to be put into a page; every text is escaped."""
    return _engine().get_template("table.html").render(Context(_context(filled)))


def render_print(filled: Filled, *, css: str = "/static/print.css") -> SafeString:
    """A whole HTML page holding the table, laid out by the stylesheet at address `css` as 公文 on A4."""
    context = Context({"table": render_html(filled), "css": css, **_context(filled)})
    return _engine().get_template("page.html").render(context)


def _context(filled: Filled) -> dict[str, object]:
    columns = filled.sheet.columns
    whole = sum(col.width for col in columns)
    # The content security policy forbids style attributes: shares of the line are classes w-5, w-10 … w-60.
    shares = [f"w-{min(60, max(5, 5 * round(20 * col.width / whole)))}" for col in columns]
    head_of_row = next((at for at, col in enumerate(columns) if col.kind is Kind.TEXT), None)
    body = [
        {
            "is_total": row is filled.total,
            "cells": [
                {"text": shown(col, row[col.key]), "kind": col.kind.value, "is_head": at == head_of_row}
                for at, col in enumerate(columns)
            ],
        }
        for row in filled.body
    ]
    # Numbers go in as texts: the template engine would ask the site's settings how to write them.
    head = [
        [
            {
                "text": cell.text,
                "is_group": cell.is_group,
                "rowspan": str(cell.rows) if cell.rows > 1 else "",
                "colspan": str(cell.columns),
            }
            for cell in cells
        ]
        for cells in head_rows(filled.sheet)
    ]
    size = str(filled.sheet.title_size)
    return {"filled": filled, "sheet": filled.sheet, "head": head, "body": body, "shares": shares, "size": size}
