"""The returned file: the uploaded cells, the faulty ones red, with a sentence at the end of each row."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from tests.sheets.test_upload import GOOD, HEAD, SHEET, csv_file, workbook
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.sheets import error_workbook, format_position, read_upload

BAD = ["A2", "李四", "三百", "2024-09-01", None]


def with_errors(data: bytes, filename: str = "x.xlsx") -> bytes:
    with pytest.raises(BadRows) as refused:
        read_upload(data, filename, SHEET)
    return error_workbook(data, refused.value, filename)


def test_the_faulty_cell_is_red_and_its_row_has_the_reason() -> None:
    page = load_workbook(io.BytesIO(with_errors(workbook([["标题"], HEAD, GOOD, BAD])))).worksheets[0]
    red = [cell.coordinate for row in page.iter_rows() for cell in row if cell.fill.fgColor.rgb == "FFFFC7CE"]

    assert (red, page["F2"].value, page["F3"].value, page["F4"].value) == (
        ["C4"],
        "错误说明",
        None,
        "人数（人）：‘三百’不是整数。请填阿拉伯数字。",
    )


def test_every_other_cell_is_as_uploaded() -> None:
    lines = [HEAD, GOOD, ["A2", "=1+1", "三百", date(2024, 9, 1), "女"]]
    page = load_workbook(io.BytesIO(with_errors(workbook(lines)))).worksheets[0]
    header, first, second = ([cell.value for cell in row[:5]] for row in page.iter_rows())

    assert (header, first) == (HEAD, GOOD)
    assert (second[1], page["B3"].data_type, str(second[3])[:10]) == ("=1+1", "s", "2024-09-01")


def test_an_empty_cell_that_must_be_filled_is_red_too() -> None:
    page = load_workbook(io.BytesIO(with_errors(workbook([HEAD, ["A2", None, 1]])))).worksheets[0]

    assert page["B2"].fill.fgColor.rgb == "FFFFC7CE"


def test_the_second_sheet_lists_all_errors() -> None:
    page = load_workbook(io.BytesIO(with_errors(workbook([HEAD, BAD])))).worksheets[1]

    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        ["位置", "错误说明"],
        ["第 2 行·人数（人）", "‘三百’不是整数。请填阿拉伯数字。"],
    ]


def test_a_corrected_file_that_still_has_the_error_column_is_read() -> None:
    book = load_workbook(io.BytesIO(with_errors(workbook([HEAD, BAD]))))
    book.worksheets[0]["C2"] = 300
    out = io.BytesIO()
    book.save(out)

    assert [row["count"] for row in read_upload(out.getvalue(), "x.xlsx", SHEET)] == [300]


def test_a_file_returned_twice_has_one_error_column() -> None:
    again = with_errors(with_errors(workbook([HEAD, BAD])))
    heads = [cell.value for cell in next(load_workbook(io.BytesIO(again)).worksheets[0].iter_rows())]

    assert heads == [*HEAD, "错误说明"]


def test_a_csv_is_returned_as_a_workbook_with_its_long_numbers_intact() -> None:
    data = csv_file(",".join(HEAD), "410182200901010019,张三,三百,2024-09-01,男", encoding="gb18030")
    page = load_workbook(io.BytesIO(with_errors(data, "x.csv"))).worksheets[0]

    assert page["A2"].value == "410182200901010019"


def test_errors_of_later_checks_are_marked_as_well() -> None:
    data = workbook([HEAD, GOOD])
    fault = Refused("没有这个人", where=format_position(2, "姓名"))
    page = load_workbook(io.BytesIO(error_workbook(data, [fault]))).worksheets[0]

    assert (page["B2"].fill.fgColor.rgb, page["F2"].value) == ("FFFFC7CE", "姓名：没有这个人。")
