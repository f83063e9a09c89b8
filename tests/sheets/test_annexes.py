"""The three printed annexes, cell by cell (S23-A1.03, S24-A1.02, S24-A2.04)."""

import io
import re
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from openpyxl.utils import range_boundaries

from tests.sheets.golden import NAMES, filled, golden, paper, read_csv
from tests.support.builders.forms import FORM_C_SHEET, FORM_P_SHEET
from yangguang.sheets import FilledSheet, fill_sheet, read_upload, render_csv, render_html, render_print, render_xlsx


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_of_the_workbook_is_the_printed_one(name: str) -> None:
    cells = paper(render_xlsx(filled(name)))
    actual = {cell.coordinate: cell.value for row in cells.iter_rows() for cell in row if cell.value is not None}

    assert actual == golden(name)["cells"]


@pytest.mark.parametrize("name", NAMES)
def test_the_merged_cells_are_the_printed_ones(name: str) -> None:
    actual = {str(merged) for merged in paper(render_xlsx(filled(name))).merged_cells.ranges}

    assert actual == set(golden(name)["merged"])


SIDES = {"left": (0, -1), "right": (0, 1), "top": (-1, 0), "bottom": (1, 0)}


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_of_the_table_has_borders_and_no_other_cell_has(name: str) -> None:
    page = paper(render_xlsx(filled(name)))
    left, top, right, bottom = range_boundaries(golden(name)["bordered"])
    merged = {cell: str(area) for area in page.merged_cells.ranges for cell in area.cells}
    for row, column in ((r, c) for r in range(1, page.max_row + 1) for c in range(1, page.max_column + 1)):
        inside = left <= column <= right and top <= row <= bottom
        for side, (down, over) in SIDES.items():
            own = merged.get((row, column))
            if own and own == merged.get((row + down, column + over)):
                continue  # A merged cell has no inner borders.
            style = getattr(page.cell(row, column).border, side).style
            assert (row, column, side, style) == (row, column, side, "thin" if inside else None)


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_a4_with_the_margins_of_an_official_document(name: str) -> None:
    page = paper(render_xlsx(filled(name)))
    margins = page.page_margins
    actual = [round(side * 2.54, 2) for side in (margins.top, margins.bottom, margins.left, margins.right)]

    assert (actual, page.page_setup.paperSize, page.page_setup.orientation) == ([3.7, 3.5, 2.8, 2.6], 9, "portrait")


@pytest.mark.parametrize("name", NAMES)
def test_the_csv_has_the_printed_header_and_rows(name: str) -> None:
    sheet = filled(name)
    data, printed = render_csv(sheet), golden(name)["csv"]
    lines = read_csv(data)
    at = lines.index(printed[0])

    assert (data[:3], lines[at : at + len(printed)]) == (b"\xef\xbb\xbf", printed)

    # The same lines as on paper are above and below the table.
    form = sheet.sheet
    seal = [text for text in (form.seal_label, form.unit_label) if text]

    assert lines[:at] == [
        *([text] for text in (form.annex, form.title, form.subtitle) if text),
        *([seal] if seal else []),
    ]
    assert [text for (text,) in lines[at + len(printed) :]] == sheet.foot


@pytest.mark.parametrize("render", [render_xlsx, render_csv])
def test_a_form_with_a_correction_and_without_a_target_reads_back(render: Callable[[FilledSheet], bytes]) -> None:
    given = golden("form_c_2024")["given"]
    remarks = ["更正8月封存数：总数+1", "另有 2 人正在重复学籍查验，未计入。"]
    rows = [{**given["rows"][0], "target": None}]
    sheet = fill_sheet(
        FORM_C_SHEET, rows, **{key: given[key] for key in ("unit", "year", "month", "day")}, remarks=remarks
    )
    data = render(sheet)

    assert list(read_upload(data, "x.xlsx" if render is render_xlsx else "x.csv", sheet.sheet)) == list(sheet.rows)
    assert sheet.rows[0]["target"] is None


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("render", [render_xlsx, render_csv])
def test_a_written_annex_reads_back_as_the_same_rows(name: str, render: Callable[[FilledSheet], bytes]) -> None:
    sheet = filled(name)
    data = render(sheet)
    rows = read_upload(data, "x.xlsx" if data.startswith(b"PK") else "x.csv", sheet.sheet)

    assert (list(rows), rows.total) == (list(sheet.rows), sheet.total)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_rows_give_the_same_bytes(name: str) -> None:
    data = render_xlsx(filled(name))

    assert data == render_xlsx(filled(name))

    # Two renderings within one second would agree even if they contained the time of day.
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        years = set(re.findall(r"\d{4}-\d\d-\d\dT", parts.read("docProps/core.xml").decode()))
        assert (years, {part.date_time for part in parts.infolist()}) == ({"2000-01-01T"}, {(1980, 1, 1, 0, 0, 0)})


class Table(HTMLParser):
    """Header cells with their spans, body cells, caption and notes of one rendered page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.heads: list[tuple[str, str, int, int]] = []
        self.body: list[str] = []
        self.texts: list[str] = []
        self._open: tuple[str, dict[str, str | None]] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"th", "td", "span", "p"}:
            self._open = tag, dict(attrs)
            if tag == "td":
                self.body.append("")

    def handle_data(self, data: str) -> None:
        if self._open is None or not data.strip():
            return
        tag, attrs = self._open
        scope = attrs.get("scope")
        if tag == "th" and scope != "row":
            self.heads.append((data, str(scope), int(attrs.get("rowspan") or 1), int(attrs.get("colspan") or 1)))
        elif tag == "td":
            self.body[-1] = data
        elif tag == "th":
            self.body.append(data)
        else:
            self.texts.append(data)


def test_the_html_table_gives_the_scope_of_each_header() -> None:
    table = Table(render_html(filled("form_p_2023")))

    assert table.heads == [
        ("中等职业教育招生任务数*", "col", 2, 1),
        ("中等职业教育招生数", "colgroup", 1, 3),
        ("招生任务完成率*", "col", 2, 1),
        ("总数", "col", 1, 1),
        ("中职学校招生数", "col", 1, 1),
        ("技工学校招生数*", "col", 1, 1),
    ]


@pytest.mark.parametrize("name", NAMES)
def test_the_html_page_has_the_texts_of_the_workbook(name: str) -> None:
    table = Table(render_html(filled(name)))
    texts = [text for text in [*(head for head, *_ in table.heads), *table.body, *table.texts] if text]

    assert sorted(texts) == sorted(str(value) for value in golden(name)["cells"].values())


def test_a_blank_without_a_value_stays_empty_on_paper() -> None:
    blank = fill_sheet(FORM_P_SHEET, [dict.fromkeys(("target", "vocational", "technician"))], year=2023)

    assert (blank.sheet.title, blank.sheet.seal_label, blank.rows[0]["completion"]) == (
        "中等职业教育学校招生情况表（截至2023年   月   日）",
        "单位：   （盖章）",
        None,
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_printed_page_has_no_inline_style_script_or_handler(name: str) -> None:
    html = render_print(filled(name))

    assert re.findall(r"<script|<style|\sstyle=|\son\w+=", html) == []


def test_texts_are_escaped_on_the_page() -> None:
    row = {"target": 1, "secondary": 1, "three_plus_two": 0, "five_year": 0, "one_year": 0}
    html = render_html(fill_sheet(FORM_C_SHEET, [row], unit="<b>甲</b>&", year=2024, month=7, day=15))

    assert "区县（市）教育局、学校：&lt;b&gt;甲&lt;/b&gt;&amp;（盖章）" in html
