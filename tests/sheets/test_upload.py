"""An upload is read as a whole or refused as a whole; every fault is named by row and column, in Chinese."""

import io
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter

from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.sheets import Col, ColKind, Sheet, digest, read_upload

SHEET = Sheet(
    "people",
    "名单",
    [
        Col("身份证件号", "number", ColKind.ID, required=True, unique=True),
        Col("姓名", "name", required=True, max_length=40),
        Col("人数（人）", "count", ColKind.INT, at_most=1000),
        Col("入学日期", "since", ColKind.DATE),
        Col("性别", "sex", choices=("男", "女")),
    ],
)
HEAD = [col.header for col in SHEET.columns]
GOOD = ["41018X200901010019", "张三", 3, "2024-09-01", "男"]
ROW = {"number": "41018X200901010019", "name": "张三", "count": 3, "since": date(2024, 9, 1), "sex": "男"}


def workbook(lines: list[list[Any]], **options: Any) -> bytes:
    """An .xlsx as Excel writes it: numbers as numbers, dates as dates, texts as texts."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    page, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    for row, cells in enumerate(lines):
        for column, cell in enumerate(cells):
            if isinstance(cell, date):
                page.write_datetime(row, column, cell, day)
            elif isinstance(cell, str):
                page.write_string(row, column, cell)
            elif cell is not None:
                page.write(row, column, cell)
    book.close()
    return out.getvalue()


def csv_file(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(lines).encode(encoding)


def faults(data: bytes, filename: str = "x.xlsx", sheet: Sheet = SHEET) -> list[str]:
    with pytest.raises(BadRows) as refused:
        read_upload(data, filename, sheet)
    return [f"{fault.where}：{fault}" for fault in refused.value.rows]


def refusal(data: bytes, filename: str = "x.xlsx") -> str:
    with pytest.raises(Refused) as refused:
        read_upload(data, filename, SHEET)
    assert not isinstance(refused.value, BadRows)
    return str(refused.value)


def with_cell(key: str, value: object) -> bytes:
    at = [col.key for col in SHEET.columns].index(key)
    return workbook([HEAD, [*GOOD[:at], value, *GOOD[at + 1 :]]])


def test_a_correct_row_is_read() -> None:
    assert read_upload(workbook([HEAD, GOOD]), "x.xlsx", SHEET) == [ROW]


def test_columns_are_matched_by_name_in_any_order_with_any_width_and_blanks() -> None:
    heads = ["性 别", "人数(人)", " 姓名", "入学\n日期", "身份证件号"]
    lines = [["某某学校名单"], [], heads, ["男", 3, "张三", "2024-09-01", GOOD[0]]]

    assert read_upload(workbook(lines), "x.xlsx", SHEET) == [ROW]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_the_encodings_in_use(encoding: str) -> None:
    data = csv_file(",".join(HEAD), ",".join(map(str, GOOD)), encoding=encoding)

    assert read_upload(data, "x.csv", SHEET) == [ROW]


def test_missing_unknown_and_double_columns_are_named() -> None:
    assert faults(workbook([["姓名", "姓名", "手机号"], ["张三", "李四", "1"]])) == [
        "第 1 行·身份证件号：缺少“身份证件号”一列。",
        "第 1 行·姓名：“姓名”一列出现了 2 次。",
        "第 1 行：不认识“手机号”一列。请删去这一列，或者改正列名。",
    ]


def test_a_file_without_the_header_is_refused_with_the_required_columns() -> None:
    assert faults(workbook([["甲", "乙"], [1, 2]])) == [
        "表头·身份证件号：缺少“身份证件号”一列。",
        "表头·姓名：缺少“姓名”一列。",
    ]


def test_every_fault_of_every_row_is_named_by_its_row_in_the_file() -> None:
    lines = [HEAD, GOOD, [], ["A1", "", "三百", "2024-02-30", "其他"], [GOOD[0], "李四", 1001, "昨天", "女"]]

    assert faults(workbook(lines)) == [
        "第 4 行·姓名：没有填写。请补上。",
        "第 4 行·人数（人）：‘三百’不是整数。请填阿拉伯数字。",
        "第 4 行·入学日期：‘2024-02-30’这一天不存在。请核对年月日。",
        "第 4 行·性别：‘其他’不在可填的范围内。请填男、女之一。",
        "第 5 行·人数（人）：1001 不在 0 到 1000 之间。请核对。",
        "第 5 行·入学日期：‘昨天’不是日期。请写成 2024-09-01。",
        "第 5 行·身份证件号：‘41018X200901010019’与第 2 行重复。请核对。",
    ]


def test_a_number_as_identity_document_is_refused_because_its_end_is_lost() -> None:
    assert faults(with_cell("number", 410182200901010019)) == [
        "第 2 行·身份证件号：‘4.1018220090101e+17’是数字格式，Excel 只保留前 15 位，后面的数字可能已经变成 0。"
        "请把这一列设为“文本”格式后重新填写。"
    ]


def test_scientific_notation_in_a_csv_is_refused_likewise() -> None:
    data = csv_file(",".join(HEAD), "4.10182E+17,张三,3,2024-09-01,男")

    assert faults(data, "x.csv") == [
        "第 2 行·身份证件号：‘4.10182E+17’是科学计数法，原来的号码已经丢失。"
        "请在原表中把这一列设为“文本”格式，重新填写后再导出。"
    ]


@pytest.mark.parametrize(
    "typed", ["４１０１８Ｘ２００９０１０１００１９", "41018x200901010019", " 41018X 20090101 0019 "]
)
def test_full_width_lower_case_and_blanks_in_a_document_number_are_normalised(typed: str) -> None:
    assert read_upload(with_cell("number", typed), "x.xlsx", SHEET)[0]["number"] == "41018X200901010019"


@pytest.mark.parametrize(("char", "code"), [("\u0007", "0007"), ("\ue000", "E000"), ("\u0085", "0085")])
def test_control_and_private_characters_are_refused(char: str, code: str) -> None:
    data = csv_file(",".join(HEAD), f"A1,张{char}三,3,2024-09-01,男")

    assert faults(data, "x.csv") == [f"第 2 行·姓名：含有看不见的字符（U+{code}）。请删去后重新输入这一格。"]


def test_forty_characters_are_accepted_and_forty_one_are_not() -> None:
    assert read_upload(with_cell("name", "张" * 40), "x.xlsx", SHEET)[0]["name"] == "张" * 40
    assert faults(with_cell("name", "张" * 41)) == ["第 2 行·姓名：共 41 个字，超过 40 个字。请缩短。"]


@pytest.mark.parametrize("typed", ["3", "３", "3.0", 3, 3.0, " 3 "])
def test_spellings_of_an_integer(typed: object) -> None:
    assert read_upload(with_cell("count", typed), "x.xlsx", SHEET)[0]["count"] == 3


@pytest.mark.parametrize("typed", [3.5, "3.5", "三", "1e3", True, "1,23", "٣"])
def test_anything_else_is_refused_as_an_integer(typed: object) -> None:
    assert [fault.split("：")[0] for fault in faults(with_cell("count", typed))] == ["第 2 行·人数（人）"]


@pytest.mark.parametrize(
    "typed",
    [
        "2024-09-01",
        "2024/9/1",
        "2024.9.1",
        "2024年9月1日",
        "20240901",
        20240901,
        date(2024, 9, 1),
        datetime(2024, 9, 1, 8),
    ],
)
def test_spellings_of_a_date(typed: object) -> None:
    assert read_upload(with_cell("since", typed), "x.xlsx", SHEET)[0]["since"] == date(2024, 9, 1)


@pytest.mark.parametrize("mac", [False, True])
def test_a_date_is_read_from_workbooks_of_the_1900_and_the_1904_date_system(mac: bool) -> None:
    data = workbook([HEAD, [*GOOD[:3], date(2024, 9, 1), "男"]], date_1904=mac)

    assert read_upload(data, "x.xlsx", SHEET)[0]["since"] == date(2024, 9, 1)


def test_a_serial_number_is_not_read_as_a_date_because_its_epoch_is_unknown() -> None:
    assert faults(with_cell("since", 45536)) == ["第 2 行·入学日期：‘45536’不是日期。请写成 2024-09-01。"]


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf\r\n", b"\0\0"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert refusal(data, "x.csv") == "文件是空的。请填好表格再上传。"


def test_an_empty_workbook_is_refused() -> None:
    assert refusal(workbook([])) == "文件里没有任何内容。请填好表格再上传。"


def test_a_header_without_rows_is_refused() -> None:
    assert faults(workbook([HEAD])) == ["第 2 行：没有一行数据。"]


def test_too_many_rows_are_refused() -> None:
    small = Sheet("small", "小表", [Col("名称", "name")], max_rows=10)

    with pytest.raises(Refused, match="表格行数太多"):
        read_upload(workbook([["名称"], *[["甲"]] * 200]), "x.xlsx", small)


def test_a_sum_that_does_not_agree_is_a_fault_of_its_row() -> None:
    sheet = Sheet(
        "sum",
        "表",
        [
            Col("总数", "total", ColKind.INT, sum_of=("a", "b")),
            Col("甲", "a", ColKind.INT),
            Col("乙", "b", ColKind.INT),
        ],
    )
    data = workbook([["总数", "甲", "乙"], [3, 1, 2], [4, 1, 2]])

    assert faults(data, sheet=sheet) == ["第 3 行·总数：总数写的是 4，而甲＋乙合计 3，相差 1。请核对后再填。"]


def test_rows_have_their_row_numbers_in_the_file() -> None:
    rows = read_upload(workbook([["标题"], HEAD, [], GOOD, [], ["A2", *GOOD[1:]]]), "x.xlsx", SHEET)

    assert (rows.file_rows, rows.head_row_number) == ([4, 6], 2)


def test_the_same_file_twice_has_the_same_digest() -> None:
    first, second = workbook([HEAD, GOOD]), workbook([HEAD, GOOD, GOOD])

    assert (digest(first) == digest(bytes(first)), digest(first) == digest(second)) == (True, False)
