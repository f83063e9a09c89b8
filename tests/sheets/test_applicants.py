"""Names leave the system masked unless an approval reveals them, whatever the format."""

from collections.abc import Callable

import pytest

from tests.sheets.golden import paper
from yangguang.rules.base.refusals import BadRows
from yangguang.sheets import FilledSheet, fill_sheet, read_upload, render_csv, render_html, render_print, render_xlsx
from yangguang.sheets.applicants import APPLICANTS

ROW = {
    "number": "202400000001",
    "name": "欧阳小满",
    "sex": "女",
    "origin": "应届初中毕业生",
    "school": "演示初级中学",
    "rank": 1,
    "major": "演示专业",
    "state": "已报名",
}
HEAD = {"unit": "郑州市科技工业学校", "season": "2024 年秋季", "until": "2024-08-15 18:00"}


def texts(filled: FilledSheet) -> list[str]:
    cells = paper(render_xlsx(filled))
    workbook = " ".join(str(cell.value) for row in cells.iter_rows() for cell in row)
    return [workbook, render_csv(filled).decode(), render_html(filled), render_print(filled)]


def test_no_format_shows_a_whole_name() -> None:
    assert [("欧阳小满" in text, "欧***" in text) for text in texts(fill_sheet(APPLICANTS, [ROW], **HEAD))] == [
        (False, True)
    ] * 4


def test_an_approved_export_shows_the_name_and_who_exported() -> None:
    formats = texts(fill_sheet(APPLICANTS, [ROW], **HEAD, reveal=True, mark="导出人 演示 001"))

    assert [("欧阳小满" in text) for text in formats] == [True] * 4
    assert ["导出人 演示 001" in text for text in formats] == [True, False, True, True]


def test_a_masked_list_cannot_be_uploaded_as_data() -> None:
    with pytest.raises(BadRows) as refused:
        read_upload(render_csv(fill_sheet(APPLICANTS, [ROW], **HEAD)), "x.csv", APPLICANTS)

    assert [(fault.where, fault.what) for fault in refused.value.rows] == [
        ("第 2 行·姓名", "‘欧***’是遮盖后的内容，不能当作数据上传")
    ]


@pytest.mark.parametrize("render", [render_xlsx, render_csv])
def test_a_revealed_list_reads_back(render: Callable[[FilledSheet], bytes]) -> None:
    data = render(fill_sheet(APPLICANTS, [ROW], **HEAD, reveal=True))

    assert read_upload(data, "x.csv", APPLICANTS) == [ROW]


def test_an_application_number_is_text_in_the_workbook() -> None:
    cells = paper(render_xlsx(fill_sheet(APPLICANTS, [ROW], **HEAD)))
    number = next(cell for row in cells.iter_rows() for cell in row if cell.value == ROW["number"])

    assert (number.data_type, number.number_format) == ("s", "@")
