"""A sheet as an Excel file that prints like its annex; the same rows give the same bytes."""

import io
from datetime import datetime

import xlsxwriter
from xlsxwriter.format import Format

from yangguang.sheets.cell_text import count_lines, format_value
from yangguang.sheets.filled_sheet import FilledSheet
from yangguang.sheets.header_layout import layout_header
from yangguang.sheets.sheet import ColKind

TITLE_FONT, BODY_FONT, HEAD_FONT = "方正小标宋简体", "仿宋", "黑体"
# 公文 margins of GB/T 9704: left 2.8, right 2.6, top 3.7, bottom 3.5 cm; Excel counts in inches.
MARGINS = {"left": 2.8 / 2.54, "right": 2.6 / 2.54, "top": 3.7 / 2.54, "bottom": 3.5 / 2.54}
# A fixed date instead of "now": otherwise two renderings of the same rows would differ.
CREATED_AT = datetime(2000, 1, 1)
_LEFT = {"align": "left", "indent": 1}
_ALIGN = {ColKind.TEXT: _LEFT, ColKind.ID: _LEFT}
_DIGIT = 5.25  # points: the width of one digit of that font


def new_workbook(out: io.BytesIO) -> xlsxwriter.Workbook:
    """A workbook in memory that writes every text as text and has a fixed creation date."""
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            # Column widths are measured in digits of this font: 7 pixels where it is installed (Linux, UOS)
            # and in its substitute on Windows. With Calibri, the default, LibreOffice shrinks the page.
            "default_format_properties": {"font_name": "Noto Sans CJK SC", "font_size": 10},
        },
    )
    book.set_properties({"created": CREATED_AT})
    return book


def _half_characters(width: float, size: int, columns: int = 1) -> float:
    """How many half characters of `size` points fit into merged columns, `width` digits wide in all."""
    # A column is 5 pixels (of 7 a digit) wider than its width: padding, which a merged cell uses for text.
    return (width + (columns - 1) * 5 / 7) * _DIGIT * 2 / size


def render_xlsx(filled: FilledSheet) -> bytes:
    """The bytes of an .xlsx file with one worksheet. Text stays text: no cell becomes a formula or a link."""
    out = io.BytesIO()
    book = new_workbook(out)
    _Page(book, filled).draw()
    book.close()
    return out.getvalue()


class _Page:
    """Draws one worksheet from top to bottom."""

    def __init__(self, book: xlsxwriter.Workbook, filled: FilledSheet) -> None:
        self.book, self.filled, self.sheet = book, filled, filled.sheet
        self.paper = book.add_worksheet("Sheet1")
        self.last = len(self.sheet.columns) - 1
        self.text_width = sum(col.width for col in self.sheet.columns)
        self.row = 0

    def draw(self) -> None:
        self._set_up()
        size = self.sheet.body_size
        if self.sheet.annex:
            self._text_row(self.sheet.annex, font_name=HEAD_FONT, font_size=16, align="left")
        self._text_row(self.sheet.title, font_name=TITLE_FONT, font_size=self.sheet.title_size, align="center")
        if self.sheet.subtitle:
            self._text_row(self.sheet.subtitle, font_name=BODY_FONT, font_size=16, align="center")
        self._seal_and_unit(size)
        self._header()
        self._body()
        for text in self.filled.foot:
            self._text_row(text, font_name=BODY_FONT, font_size=12, align="left", valign="top")
        self.paper.print_area(0, 0, self.row - 1, self.last)

    def _set_up(self) -> None:
        paper = self.paper
        paper.set_paper(9)  # A4
        if self.sheet.landscape:
            paper.set_landscape()
        paper.set_margins(**MARGINS)
        paper.center_horizontally()
        paper.fit_to_pages(1, 0)
        paper.hide_gridlines(2)
        for at, col in enumerate(self.sheet.columns):
            paper.set_column(at, at, col.width)

    def _format(self, **style: object) -> Format:
        return self.book.add_format({"valign": "vcenter", "text_wrap": True, **style})

    def _text_row(self, text: str, *, font_size: int, **style: object) -> None:
        lines = count_lines(text, _half_characters(self.text_width, font_size, self.last + 1))
        self.paper.set_row(self.row, lines * font_size * 1.35 + 4)
        self._cell(self.row, 0, self.row, self.last, text, self._format(font_size=font_size, **style))
        self.row += 1

    def _cell(self, top: int, left: int, bottom: int, right: int, text: str, form: Format) -> None:
        if (top, left) != (bottom, right):
            self.paper.merge_range(top, left, bottom, right, "", form)
        self.paper.write_string(top, left, text, form)

    def _seal_and_unit(self, size: int) -> None:
        seal, unit = self.sheet.seal_label, self.sheet.unit_label
        if not seal and not unit:
            return
        self.paper.set_row(self.row, size * 1.8)
        # The unit of the numbers takes the last quarter of the row, at least one column.
        split = self.last - max(0, len(self.sheet.columns) // 4 - 1) if unit and self.last else self.last + 1
        left = self._format(font_name=BODY_FONT, font_size=size - 2, align="left")
        right = self._format(font_name=BODY_FONT, font_size=size - 2, align="right")
        self._cell(self.row, 0, self.row, split - 1, seal, left)
        if unit:
            self._cell(self.row, split, self.row, self.last, unit, right)
        self.row += 1

    def _header(self) -> None:
        size = self.sheet.body_size
        form = self._format(font_name=HEAD_FONT, font_size=size - 1, align="center", border=1)
        rows = layout_header(self.sheet)
        lines = max(count_lines(col.header, _half_characters(col.width, size)) for col in self.sheet.columns)
        for offset, cells in enumerate(rows):
            self.paper.set_row(self.row + offset, (lines if offset == len(rows) - 1 else 1) * size * 1.3 + 8)
            for cell in cells:
                top, left = self.row + cell.row, cell.column
                self._cell(top, left, top + cell.rows - 1, left + cell.columns - 1, cell.text, form)
        self.paper.repeat_rows(self.row, self.row + len(rows) - 1)
        self.row += len(rows)

    def _body(self) -> None:
        size, columns = self.sheet.body_size, self.sheet.columns
        forms = [
            self._format(
                font_name=BODY_FONT,
                font_size=size,
                border=1,
                num_format="0" if col.kind is ColKind.INT else "@",
                **_ALIGN.get(col.kind, {"align": "center"}),
            )
            for col in columns
        ]
        for row in self.filled.body:
            texts = [format_value(col, row[col.key]) for col in columns]
            widths = [_half_characters(col.width - 1, size) for col in columns]
            self.paper.set_row(self.row, max(map(count_lines, texts, widths)) * size * 1.6)
            for at, (col, text, form) in enumerate(zip(columns, texts, forms, strict=True)):
                value = row[col.key]
                self.paper.write(self.row, at, value if isinstance(value, int) else text, form)
            self.row += 1
