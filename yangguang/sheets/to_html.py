"""A sheet as an accessible HTML table, and as an A4 page laid out like the official document."""

from functools import cache
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from yangguang.sheets.cell_text import format_value
from yangguang.sheets.filled_sheet import FilledSheet
from yangguang.sheets.header_layout import layout_header
from yangguang.sheets.sheet import ColKind


def render_html(filled: FilledSheet, *, is_page: bool = False) -> SafeString:
    """The table with caption, scoped headers and notes, as part of a page; every text is escaped.

    Args:
        is_page: its title is the first heading of the page.
    """
    columns = filled.sheet.columns
    row_header = next((at for at, col in enumerate(columns) if col.kind is ColKind.TEXT), None)
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
    values = {
        "filled": filled,
        "sheet": filled.sheet,
        "head": layout_header(filled.sheet),
        "body": body,
        "shares": column_shares([col.width for col in columns]),
        "is_page": is_page,
    }
    return render_to_string("sheets/table.html", values)


def render_print(filled: FilledSheet, *, alone: bool = False) -> SafeString:
    """A whole HTML page holding the table, laid out as 公文 on A4.

    Args:
        alone: put the stylesheet into the page, for a file opened from a disk; the site's content security
            policy allows no style inside a page.
    """
    values = {"sheet": filled.sheet, "table": render_html(filled, is_page=True), "style": _style() if alone else ""}
    return render_to_string("sheets/page.html", values)


@cache
def _style() -> SafeString:
    css = Path(__file__).resolve().parent.parent / "static" / "print.css"
    return mark_safe(f"<style>{css.read_text('utf-8')}</style>")


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
