"""A workbook is read as its reader sees it: every row is returned or named, and nothing is guessed."""

import io
import re
from collections.abc import Callable

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sheets.test_upload import csv_file
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.sheets import Col, ColKind, Sheet, error_workbook, read_upload

SHEET = Sheet(
    "pupils",
    "名单",
    [
        Col("序号", "at", ColKind.INT),
        Col("报名号", "number", ColKind.ID, required=True),
        Col("姓名", "name", required=True),
        Col("院校", "college"),
    ],
)
HEAD = ["序号", "报名号", "姓名", "院校"]
FIRST, SECOND = [1, "2420000000000011", "张三", "甲校"], [2, "2420000000000029", "李四", "乙校"]
Table = list[list[object]]
Change = Callable[[openpyxl.Workbook], None]


def book(*sheets: Table, change: Change = lambda _: None) -> bytes:
    """A workbook with one worksheet for each table, after `change`."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for at, lines in enumerate(sheets, 1):
        page = workbook.create_sheet(f"表{at}")
        for cells in lines:
            page.append(cells)
    change(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def names(data: bytes, filename: str = "x.xlsx") -> list[object]:
    return [row["name"] for row in read_upload(data, filename, SHEET)]


def sentence(data: bytes, filename: str = "x.xlsx") -> str:
    with pytest.raises(Refused) as refused:
        read_upload(data, filename, SHEET)
    assert not isinstance(refused.value, BadRows)
    return str(refused.value)


def faults(data: bytes, filename: str = "x.xlsx") -> list[str]:
    with pytest.raises(BadRows) as refused:
        read_upload(data, filename, SHEET)
    return [f"{fault.where}：{fault}" for fault in refused.value.rows]


def test_the_only_worksheet_with_content_is_read_wherever_it_stands() -> None:
    assert names(book([], [[" "]], [HEAD, FIRST])) == ["张三"]


def test_a_second_worksheet_with_content_is_refused_by_name() -> None:
    assert sentence(book([HEAD, FIRST], [HEAD, SECOND])) == (
        "文件有2张有内容的工作表（表1、表2），只收一张。请只留要报送的一张；几张都要报送的，请合并成一张再上传。"
    )
    assert sentence(book([["填表说明"]], [HEAD, FIRST])).startswith("文件有2张有内容的工作表")


def test_a_hidden_worksheet_with_content_is_refused_by_name() -> None:
    def hide(workbook: openpyxl.Workbook) -> None:
        workbook["表2"].sheet_state = "veryHidden"

    assert sentence(book([HEAD, FIRST], [HEAD, SECOND], change=hide)).startswith(
        "文件有2张有内容的工作表（表1、表2（隐藏））"
    )
    assert sentence(book([], [HEAD, SECOND], change=hide)) == (
        "有内容的工作表是隐藏的：表2（隐藏）。请取消隐藏，核对后重新上传。"
    )


def test_a_second_worksheet_of_formulas_without_results_counts_as_content() -> None:
    assert sentence(book([HEAD, FIRST], [["=表1!A1"]])).startswith("文件有2张有内容的工作表")


def test_the_summary_of_our_own_error_workbook_may_stay() -> None:
    data = book([HEAD, [1, "2420000000000011", None, None]])
    returned = openpyxl.load_workbook(io.BytesIO(error_workbook(data, bad_rows(data))))
    returned.worksheets[0]["C2"] = "张三"
    out = io.BytesIO()
    returned.save(out)

    assert names(out.getvalue()) == ["张三"]


def bad_rows(data: bytes) -> BadRows:
    with pytest.raises(BadRows) as refused:
        read_upload(data, "x.xlsx", SHEET)
    return refused.value


def test_a_row_hidden_by_a_filter_is_named() -> None:
    def hide(workbook: openpyxl.Workbook) -> None:
        workbook["表1"].auto_filter.ref = "A1:D3"
        workbook["表1"].row_dimensions[3].hidden = True

    assert faults(book([HEAD, FIRST, SECOND], change=hide)) == [
        "第 3 行：这一行在表格里是隐藏的。请取消筛选和隐藏；不报送的行请删去。"
    ]


def test_a_hidden_row_without_content_is_none() -> None:
    def hide(workbook: openpyxl.Workbook) -> None:
        workbook["表1"].row_dimensions[3].hidden = True

    assert names(book([HEAD, FIRST, [], SECOND], change=hide)) == ["张三", "李四"]


def test_a_hidden_column_is_read_like_any_other() -> None:
    def hide(workbook: openpyxl.Workbook) -> None:
        workbook["表1"].column_dimensions["D"].hidden = True

    assert read_upload(book([HEAD, FIRST], change=hide), "x.xlsx", SHEET)[0]["college"] == "甲校"


def test_errors_of_the_spreadsheet_and_formulas_without_a_result_are_named_by_cell() -> None:
    def break_cells(workbook: openpyxl.Workbook) -> None:
        workbook["表1"]["D2"].value, workbook["表1"]["D2"].data_type = "#N/A", "e"
        workbook["表1"]["C3"] = "=VLOOKUP(B3,X:Y,2)"

    assert faults(book([HEAD, FIRST, SECOND], change=break_cells)) == [
        "第 2 行·院校：‘#N/A’不是数据，是表格程序算不出结果时的标记。"
        "请改正公式；或者复制后“选择性粘贴”为数值，再上传。",
        "第 3 行·姓名：‘#公式没有结果’不是数据，是表格程序算不出结果时的标记。"
        "请改正公式；或者复制后“选择性粘贴”为数值，再上传。",
    ]


def test_a_row_of_formulas_without_results_below_the_table_is_named() -> None:
    assert [fault.split("：")[0] for fault in faults(book([HEAD, FIRST, [None, "=B2", "=C2"]]))] == [
        "第 3 行·报名号",
        "第 3 行·姓名",
    ]


def test_merged_cells_among_the_data_are_named_and_those_of_a_title_are_not() -> None:
    def merge(workbook: openpyxl.Workbook) -> None:
        workbook["表1"].merge_cells("A1:D1")
        workbook["表1"].merge_cells("D3:D4")

    assert faults(book([["名单"], HEAD, FIRST, SECOND], change=merge)) == [
        "第 4 行·院校：这一格与别的格合并了，读不出内容。请取消合并，每一格各自填写。"
    ]


def test_content_without_a_header_is_named_by_its_column() -> None:
    assert faults(book([[*HEAD, None], [*FIRST, "重要"]])) == [
        "第 2 行·E列：这一格的上面没有表头。请补上表头，或者删去这一格。"
    ]
    assert faults(csv_file(",".join(HEAD), "1,2420000000000011,张三,甲校,重要"), "x.csv") == [
        "第 2 行·E列：这一格的上面没有表头。请补上表头，或者删去这一格。"
    ]


def test_a_repeated_header_is_passed_over_and_one_in_another_order_is_named() -> None:
    assert names(book([HEAD, FIRST, HEAD, SECOND])) == ["张三", "李四"]
    assert faults(book([HEAD, FIRST, ["序号", "姓名", "报名号", "院校"], SECOND])) == [
        "第 3 行：这里又有一个表头，列的次序与前面的不同。请把两张表合并成列序相同的一张。"
    ]


def test_a_row_of_data_above_the_header_is_named() -> None:
    assert faults(book([FIRST, HEAD, SECOND])) == ["第 1 行：这一行在表头上面，读不到。请把表头移到所有数据的上面。"]


def test_a_table_that_begins_in_a_later_column_is_read() -> None:
    assert names(book([[], [None, None, *HEAD], [None, None, *FIRST]])) == ["张三"]


def test_a_row_that_has_only_its_running_number_is_an_empty_row_of_the_template() -> None:
    assert names(book([HEAD, FIRST, [2], [3]])) == ["张三"]


def test_a_long_number_in_a_column_of_texts_is_refused() -> None:
    assert faults(book([HEAD, [1, "2420000000000011", 2.42e15, None]]))[0].startswith(
        "第 2 行·姓名：‘2420000000000000’是数字格式"
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_file_is_read_in_the_encodings_and_with_the_separators_in_use(delimiter: str, encoding: str) -> None:
    lines = ["名单", delimiter.join(HEAD), delimiter.join(map(str, FIRST))]

    assert names(csv_file(*lines, encoding=encoding), "x.csv") == ["张三"]


def test_a_utf8_file_with_one_broken_character_is_not_read_as_another_encoding() -> None:
    whole = csv_file(",".join(HEAD), ",".join(map(str, FIRST)))
    data = whole.replace("张".encode(), "张".encode()[:2])

    assert sentence(data, "x.csv").startswith("第 2 行的文字编码有损坏，读不出来")


def test_marks_that_a_chat_program_put_around_a_name_are_taken_away() -> None:
    assert names(book([HEAD, [1, "\u202d2420000000000011\u202c", "\u2068张三\u2069\u200b", None]])) == ["张三"]


CELLS = st.one_of(
    st.none(),
    st.sampled_from(["张三", "2420000000000011", "备注：无", "#N/A", "=A1", "姓名", "报名号", "", " ", "1. 说明"]),
    st.integers(0, 3),
    st.floats(0, 3e15),
)
ROWS = st.lists(st.lists(CELLS, max_size=6), max_size=6)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(ROWS, st.booleans()), min_size=1, max_size=3), st.sets(st.integers(1, 9), max_size=3))
def test_the_rows_returned_are_the_rows_present_and_the_rows_named_are_among_them(
    tables: list[tuple[Table, bool]], hidden: set[int]
) -> None:
    sheets = [[HEAD, *rows] if has_header else rows for rows, has_header in tables]

    def hide(workbook: openpyxl.Workbook) -> None:
        for row in hidden:
            workbook.worksheets[0].row_dimensions[row].hidden = True

    present = [{at for at, cells in enumerate(lines, 1) if holds_data(cells)} for lines in sheets if has_content(lines)]
    try:
        accounted = {*read_upload(book(*sheets, change=hide), "x.xlsx", SHEET).file_rows}
    except BadRows as refusal:
        named = {
            int(fault.where.split()[1].partition("·")[0]) for fault in refusal.rows if fault.where.startswith("第 ")
        }
        assert refusal.what.startswith(("没有找到表头", "表头不对", "表头下面没有数据")) or named <= present[0]
        return
    except Refused as refusal:
        assert refusal.now
        return
    assert [accounted] == present


def has_content(lines: Table) -> bool:
    return any(has_text(cells) for cells in lines)


def has_text(cells: list[object]) -> bool:
    return any(str(cell).strip() for cell in cells if cell is not None)


def holds_data(cells: list[object]) -> bool:
    """Whether the row is neither empty, a header, a note nor a running number."""
    texts = [str(cell).strip() for cell in cells if cell is not None and str(cell).strip()]
    is_note = len(texts) == 1 and texts[0] in ("备注：无", "1. 说明")
    is_number = len(texts) == 1 and cells and re.fullmatch(r"\d{1,6}(\.0)?", str(cells[0]))
    return bool(texts) and not all(text in HEAD for text in texts) and not is_note and not is_number
