"""A sheet as an accessible HTML table, and as an A4 page that prints like the official paper."""

from functools import cache
from pathlib import Path

from django.template import Context, Engine
from django.utils.safestring import SafeString, mark_safe

from yangguang.sheets.cell_text import shown
from yangguang.sheets.filled_sheet import Filled
from yangguang.sheets.header_layout import head_rows
from yangguang.sheets.sheet import Kind

# Own engine: drawing a sheet needs neither settings nor the site's tags, so a job can do it, too.
_TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "sheets"
_STATIC = Path(__file__).resolve().parent.parent / "static"


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(_TEMPLATES)], autoescape=True)


def render_html(filled: Filled) -> SafeString:
    """The table with caption, scoped heads and notes, to be put into a page; every text is escaped."""
    return _engine().get_template("table.html").render(Context(_context(filled)))


def render_print(filled: Filled, *, alone: bool = False) -> SafeString:
    """A whole HTML page holding the table, laid out as 公文 on A4.

    Args:
        alone: the stylesheet is in the page itself, for a file that is opened from a disk; the site's own policy
            allows no style inside a page.
    """
    # Alone on its page the title is the first heading.
    words = {**_context(filled), "alone": True}
    table = _engine().get_template("table.html").render(Context(words))
    words |= {"table": table, "style": _style() if alone else "", "css": "/static/print.css"}
    return _engine().get_template("page.html").render(Context(words))


@cache
def _style() -> SafeString:
    return mark_safe(f"<style>{(_STATIC / 'print.css').read_text('utf-8')}</style>")


def _context(filled: Filled) -> dict[str, object]:
    columns = filled.sheet.columns
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
    return {
        "filled": filled,
        "sheet": filled.sheet,
        "head": head,
        "body": body,
        "shares": shares([col.width for col in columns]),
        "title_size": str(filled.sheet.title_size),
        "body_size": str(filled.sheet.body_size),
    }


def shares(widths: list[float]) -> list[str]:
    """The share of the line of each column in per cent, steps of 5 adding up to 100; none beyond 20 columns.

    The content security policy forbids style attributes, so print.css has one class for each step.
    """
    if len(widths) > 20:
        return []
    exact = [20 * width / sum(widths) for width in widths]
    steps = [max(1, int(step)) for step in exact]
    while sum(steps) != 20:
        up = 1 if sum(steps) < 20 else -1
        # The column that is furthest from its exact share gives or takes a step; none goes below one.
        at = max(
            (at for at, step in enumerate(steps) if step + up >= 1),
            key=lambda at: up * (exact[at] - steps[at]),
        )
        steps[at] += up
    return [str(5 * step) for step in steps]
