"""Every table that leaves or enters the system, declared as data; one renderer each, and one reader."""

from yangguang.sheets.digests import digest, rows_digest
from yangguang.sheets.error_workbook import error_workbook
from yangguang.sheets.filled_sheet import DoesNotAddUp, Filled, fill
from yangguang.sheets.sheet import Col, Kind, Rate, Row, Sheet, Total
from yangguang.sheets.to_csv import render_csv
from yangguang.sheets.to_html import render_html, render_print
from yangguang.sheets.to_xlsx import render_xlsx
from yangguang.sheets.upload import ReadRows, place, read_upload

__all__ = [
    "Col",
    "DoesNotAddUp",
    "Filled",
    "Kind",
    "Rate",
    "ReadRows",
    "Row",
    "Sheet",
    "Total",
    "digest",
    "error_workbook",
    "fill",
    "place",
    "read_upload",
    "render_csv",
    "render_html",
    "render_print",
    "render_xlsx",
    "rows_digest",
]
