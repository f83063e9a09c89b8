"""A sheet as an accessible HTML table, and as an A4 page laid out like the official document."""

from functools import cache
from pathlib import Path

from django.template import Context, Engine
from django.utils.safestring import SafeString, mark_safe

from yangguang.sheets.cell_text import format_value
from yangguang.sheets.filled_sheet import FilledSheet
from yangguang.sheets.header_layout import layout_header
from yangguang.sheets.sheet import Kind

# A separate engine: drawing a sheet needs neither the settings nor the site's tags.
_TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "sheets"
_STATIC = Path(__file__).resolve().parent.parent / "static"


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(_TEMPLATES)], autoescape=True)


def render_html(filled: FilledSheet) -> SafeString:
    """The table with caption, scoped headers and notes, as part of a page; every text is escaped."""
    return _engine().get_template("table.html").render(Context(_context(filled)))


def render_print(filled: FilledSheet, *, alone: bool = False) -> SafeString:
    """A whole HTML page holding the table, laid out as 公文 on A4.

    Args:
        alone: put the stylesheet into the page, for a file opened from a disk; the site's content security
            policy allows no style inside a page.
    """
    # The title is the first heading of the page.
    values = {**_context(filled), "alone": True}
    table = _engine().get_template("table.html").render(Context(values))
    values |= {"table": table, "style": _style() if alone else "", "css": "/static/print.css"}
    return _engine().get_template("page.html").render(Context(values))


@cache
def _style() -> SafeString:
    return mark_safe(f"<style>{(_STATIC / 'print.css').read_text('utf-8')}</style>")


def _context(filled: FilledSheet) -> dict[str, object]:
    columns = filled.sheet.columns
    row_header = next((at for at, col in enumerate(columns) if col.kind is Kind.TEXT), None)
    body = [
        {
            "is_total": row is filled.total,
            "cells": [
                {"text": format_value(col, row[col.key]), "kind": col.kind.value, "is_head": at == row_header}
                for at, col in enumerate(columns)
            ],
        }
        for row in filled.body
    ]
    # Numbers are passed as texts: the template engine would need the settings to format them.
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
        for cells in layout_header(filled.sheet)
    ]
    return {
        "filled": filled,
        "sheet": filled.sheet,
        "head": head,
        "body": body,
        "shares": column_shares([col.width for col in columns]),
        "title_size": str(filled.sheet.title_size),
        "body_size": str(filled.sheet.body_size),
    }


def column_shares(widths: list[float]) -> list[str]:
    """The width of each column in per cent, in steps of 5 that add up to 100; empty for more than 20 columns.

    The content security policy forbids style attributes, so print.css has one class for each step.
    """
    if len(widths) > 20:
        return []
    exact = [20 * width / sum(widths) for width in widths]
    steps = [max(1, int(step)) for step in exact]
    while sum(steps) != 20:
        change = 1 if sum(steps) < 20 else -1
        # The column furthest from its exact share is changed; none goes below one step.
        at = max(
            (at for at, step in enumerate(steps) if step + change >= 1), key=lambda at: change * (exact[at] - steps[at])
        )
        steps[at] += change
    return [str(5 * step) for step in steps]
