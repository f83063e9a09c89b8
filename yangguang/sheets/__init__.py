"""Every table that leaves or enters the system, declared as data; one renderer for each format, and one reader."""

from yangguang.sheets.digests import digest, rows_digest
from yangguang.sheets.error_workbook import error_workbook
from yangguang.sheets.filled_sheet import FilledSheet, TotalMismatch, fill_sheet
from yangguang.sheets.sheet import Col, ColKind, Rate, Row, Sheet, Total
from yangguang.sheets.to_csv import render_csv
from yangguang.sheets.to_html import render_html, render_print
from yangguang.sheets.to_xlsx import render_xlsx
from yangguang.sheets.upload import UploadRows, format_position, read_upload

__all__ = [
    "Col",
    "ColKind",
    "FilledSheet",
    "Rate",
    "Row",
    "Sheet",
    "Total",
    "TotalMismatch",
    "UploadRows",
    "digest",
    "error_workbook",
    "fill_sheet",
    "format_position",
    "read_upload",
    "render_csv",
    "render_html",
    "render_print",
    "render_xlsx",
    "rows_digest",
]
