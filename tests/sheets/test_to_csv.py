"""No typed text may act as a formula in a spreadsheet."""

import io

import pytest
from openpyxl import load_workbook

from tests.sheets.golden import read_csv
from yangguang.sheets import Col, Sheet, fill_sheet, read_upload, render_csv, render_xlsx

SHEET = Sheet("plain", "表", [Col("名称", "name"), Col("备注栏", "note")])
STARTS = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"]


@pytest.mark.parametrize("start", STARTS)
def test_csv_escapes_every_start_of_a_formula(start: str) -> None:
    text = f"{start}cmd|' /C calc'!A0"
    lines = read_csv(render_csv(fill_sheet(SHEET, [{"name": text, "note": "'" + text}])))

    assert lines[1] == ["'" + text, "''" + text]


@pytest.mark.parametrize("start", [start for start in STARTS if start not in "\t\r"])
def test_an_escaped_text_reads_back_as_typed(start: str) -> None:
    row = {"name": f"{start}1", "note": f"'{start}1"}

    assert read_upload(render_csv(fill_sheet(SHEET, [row])), "x.csv", SHEET) == [row]


@pytest.mark.parametrize("text", ["=1+1", "{=1+1}", "http://example.org/", "internal:Sheet1!A1", "12"])
def test_a_workbook_has_texts_and_no_formula_or_link(text: str) -> None:
    data = render_xlsx(fill_sheet(SHEET, [{"name": text, "note": text}]))

    cells = [cell for line in load_workbook(io.BytesIO(data)).worksheets[0].iter_rows() for cell in line]
    written = [(cell.data_type, cell.hyperlink) for cell in cells if cell.value == text]

    assert written == [("s", None), ("s", None)]


@pytest.mark.parametrize("text", ["2420000000000011", "410101200903050012", "41E01", "4101e3"])
def test_a_text_that_a_spreadsheet_would_round_has_an_apostrophe_and_reads_back(text: str) -> None:
    data = render_csv(fill_sheet(SHEET, [{"name": text, "note": "'" + text}]))

    assert read_csv(data)[1] == ["'" + text, "''" + text]
    assert read_upload(data, "x.csv", SHEET) == [{"name": text, "note": "'" + text}]


@pytest.mark.parametrize("text", ["242000000000001", "41018220090101001X", "DEMO-S01", "3+2"])
def test_a_text_that_a_spreadsheet_shows_as_it_is_stays_as_it_is(text: str) -> None:
    assert read_csv(render_csv(fill_sheet(SHEET, [{"name": text, "note": "甲"}])))[1] == [text, "甲"]
