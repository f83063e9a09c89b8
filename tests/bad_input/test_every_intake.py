"""Every table that other offices send, in every layout they use: taken whole, or refused by a sentence that is true."""

import csv
import dataclasses
import io
from collections.abc import Callable

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.builders.enrolment import id_number
from tests.support.builders.forms import FORM_T_SHEET
from yangguang.rules.base.refusals import BadRows
from yangguang.sheets import aptitude_tests, calendar, error_workbook, school_list
from yangguang.sheets.import_profiles import load_profiles, read_results
from yangguang.sheets.list_files import read_list
from yangguang.sheets.sheet import Sheet
from yangguang.sheets.target_table import read_target_table

Table = list[list[str]]


@dataclasses.dataclass(frozen=True)
class Intake:
    """One kind of file: its reader, its sheet, a head, and two rows."""

    read: Callable[[bytes, str], object]
    sheet: Sheet
    head: list[str]
    rows: Table


BOARD = load_profiles()["board"]
SCORES = load_profiles("score_profiles")["scores"]
OUTSIDE = load_profiles("outside_profiles")["outside"]
INTAKES = {
    "board": Intake(
        lambda data, name: read_results(data, name, BOARD),
        BOARD.sheet,
        ["身份证号", "姓名", "录取学校", "录取专业", "录取院校"],
        [[id_number(1), "张三", "甲校", "护理", "某大学"], [id_number(2), "买买提·江", "乙校", "护理", "某大学"]],
    ),
    "scores": Intake(
        lambda data, name: read_list(data, name, SCORES),
        SCORES.sheet,
        ["身份证号", "总分", "语文", "数学", "英语", "毕业学校"],
        [[id_number(1), "400", "100", "90", "80", "一中"], [id_number(2), "410", "100", "90", "90", "二中"]],
    ),
    "outside": Intake(
        lambda data, name: read_list(data, name, OUTSIDE),
        OUTSIDE.sheet,
        ["身份证号", "姓名", "录取学校"],
        [[id_number(1), "张三", "甲高中"], [id_number(2), "李四", "乙高中"]],
    ),
    "points": Intake(
        aptitude_tests.read_file,
        aptitude_tests.APTITUDE_TESTS,
        ["报名号", "加分"],
        [["2420000000000011", "10"], ["2420000000000029", "12"]],
    ),
    "schools": Intake(
        school_list.read_file,
        school_list.SCHOOL_LIST,
        ["学校代码", "学校名称"],
        [["4101000123", "甲学校"], ["4101000124", "乙学校"]],
    ),
    "calendar": Intake(
        calendar.read_calendar,
        calendar.CALENDAR,
        ["日期", "安排", "说明", "依据文件"],
        [["2025-10-01", "休息", "国庆节", "国办"], ["2025-10-02", "休息", "国庆节", "国办"]],
    ),
    "targets": Intake(
        lambda data, name: [
            {row.unit: row.target} for row in read_target_table(data, name, FORM_T_SHEET, parent="郑州市")[0]
        ],
        FORM_T_SHEET,
        ["序号", "单位名称", "招生任务（人）"],
        [["", "郑州市", "30"], ["1", "甲校", "10"], ["2", "乙校", "20"]],
    ),
}


def book(lines: Table, change: Callable[[Worksheet], object] = lambda page: None) -> bytes:
    workbook = openpyxl.Workbook()
    for cells in lines:
        workbook.active.append([cell or None for cell in cells])
    change(workbook.active)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def text(lines: Table) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue().encode()


def merge_heads(page: Worksheet) -> None:
    for column in range(1, page.max_column + 1):
        page.merge_cells(start_row=1, start_column=column, end_row=2, end_column=column)


def group(head: list[str]) -> Table:
    """The head in two rows, its last two columns below a common one."""
    return [[*head[:-2], "基本信息"], [*([""] * (len(head) - 2)), *head[-2:]]]


def break_lines(cell: str) -> str:
    """A break after the first character of a Chinese text, as Alt+Enter or a wrapped table of a web page leave it."""
    return f"{cell[0]}\n{cell[1:]}" if len(cell) > 1 and not cell[0].isascii() else cell


TAKEN: dict[str, Callable[[list[str], Table], tuple[str, bytes]]] = {
    "a running number in front": lambda head, rows: (
        "a.xlsx",
        book([["序号", *head], *([str(at), *cells] for at, cells in enumerate(rows, 1))]),
    ),
    "heads that say what must be filled in": lambda head, rows: (
        "a.xlsx",
        book([["*" + head[0], head[1] + "（必填）", *(name + "：" for name in head[2:])], *rows]),
    ),
    "heads merged over two rows": lambda head, rows: ("a.xlsx", book([head, [], *rows], merge_heads)),
    "two columns below a common head": lambda head, rows: ("a.xlsx", book([*group(head), *rows])),
    "an empty column of remarks": lambda head, rows: ("a.xlsx", book([[*head, "备注"], *rows])),
    "who filled it in, below the table": lambda head, rows: (
        "a.xlsx",
        book(
            [
                head,
                *rows,
                [],
                ["填表人：王五", "审核人：赵六"],
                [*([""] * (len(head) - 1)), "2024年8月1日"],
                ["说明：以上为第一批。"],
            ]
        ),
    ),
    "breaks inside of cells": lambda head, rows: ("a.xlsx", book([head, *([*map(break_lines, r)] for r in rows)])),
    "texts of a web system, as formulas": lambda head, rows: (
        "a.csv",
        "\r\n".join(",".join(f'="{cell}"' for cell in cells) for cells in [head, *rows]).encode(),
    ),
    "a text with tabs that calls itself .xls": lambda head, rows: (
        "a.xls",
        "\r\n".join("\t".join(cells) for cells in [head, *rows]).encode("gb18030"),
    ),
}


@pytest.mark.parametrize("layout", TAKEN)
@pytest.mark.parametrize("kind", INTAKES)
def test_a_table_in_a_layout_of_other_offices_is_taken_whole(kind: str, layout: str) -> None:
    intake = INTAKES[kind]
    if kind == "targets" and layout == "a running number in front":
        pytest.skip("the printed table has its own")
    name, data = TAKEN[layout](intake.head, intake.rows)

    assert _without_rows(intake.read(data, name)) == _without_rows(
        intake.read(text([intake.head, *intake.rows]), "b.csv")
    )


def _without_rows(rows: object) -> list[dict[str, object]]:
    """What was read, without the row numbers, which the layout moves, and the columns that are passed over."""
    assert isinstance(rows, list)
    dicts = [dataclasses.asdict(row) if dataclasses.is_dataclass(row) else row for row in rows]
    return [
        {key: value for key, value in row.items() if key != "row" and not key.startswith("ignored_")} for row in dicts
    ]


@pytest.mark.parametrize("label", ["合计", "总计：2人", "小 计"])
@pytest.mark.parametrize("kind", INTAKES)
def test_a_total_below_a_list_is_named_once_as_what_it_is(kind: str, label: str) -> None:
    intake = INTAKES[kind]

    with pytest.raises(BadRows) as refused:
        intake.read(book([intake.head, *intake.rows, [label, *([""] * (len(intake.head) - 2)), "2"]]), "a.xlsx")

    assert [fault.what for fault in refused.value.rows] == ["这是合计行，不是一行数据"]
    assert refused.value.rows[0].where == f"第 {len(intake.rows) + 2} 行"


@pytest.mark.parametrize("only", ["以下为第二批", "10.5"])
@pytest.mark.parametrize("kind", INTAKES)
def test_a_row_with_one_cell_that_is_no_note_is_never_passed_over(kind: str, only: str) -> None:
    intake = INTAKES[kind]

    for column in range(len(intake.head)):
        data = book([intake.head, *intake.rows, [*([""] * column), only]])
        try:
            read = len(_without_rows(intake.read(data, "a.xlsx")))
        except BadRows:
            continue
        assert read == len(intake.rows) + 1


@pytest.mark.parametrize("kind", INTAKES)
def test_a_filled_column_that_is_unknown_is_named_with_what_to_do(kind: str) -> None:
    intake = INTAKES[kind]

    with pytest.raises(BadRows) as refused:
        intake.read(book([[*intake.head, "备注"], *([*cells, "已放弃"] for cells in intake.rows)]), "a.xlsx")

    assert [str(fault) for fault in refused.value.rows] == ["不认识“备注”一列。请删去这一列，或者改正列名。"]


def test_a_school_code_stored_as_a_number_is_whole_and_taken() -> None:
    rows = school_list.read_file(book_of_numbers([["学校代码", "学校名称"], [4101000123, "甲学校"]]), "a.xlsx")

    assert [row.code for row in rows] == ["4101000123"]


@pytest.mark.parametrize("points", [10.5, "10.5", "１０．５"])
def test_half_a_point_is_refused_because_the_column_takes_whole_numbers(points: object) -> None:
    with pytest.raises(BadRows) as refused:
        aptitude_tests.read_file(book_of_numbers([["报名号", "加分"], ["2420000000000011", points]]), "a.xlsx")

    assert str(refused.value.rows[0]) == f"‘{points}’不是整数。这一栏只收整数。"


def test_a_number_of_sixteen_digits_stored_as_a_number_is_refused() -> None:
    with pytest.raises(BadRows) as refused:
        aptitude_tests.read_file(book_of_numbers([["报名号", "加分"], [2420000000000011, 10]]), "a.xlsx")

    assert "只保留前 15 位" in str(refused.value.rows[0])


def book_of_numbers(lines: list[list[object]]) -> bytes:
    workbook = openpyxl.Workbook()
    for cells in lines:
        workbook.active.append(cells)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", INTAKES)
def test_the_marked_file_is_taken_once_its_cells_are_mended(kind: str) -> None:
    intake = INTAKES[kind]
    if kind == "targets":
        pytest.skip("comes in by a command, which has no page to give it back")
    other_names = {col.header: col.aliases[0] for col in intake.sheet.columns if col.aliases}
    head, good = [other_names.get(name, name) for name in intake.head], intake.rows[0]
    data = book([["某某单位报送"], [], head, ["x" * 300, *good[1:]], *intake.rows[1:]])
    with pytest.raises(BadRows) as refused:
        intake.read(data, "a.xlsx")

    marked = openpyxl.load_workbook(io.BytesIO(error_workbook(data, refused.value, "a.xlsx", intake.sheet)))
    page = marked.worksheets[0]
    assert page["A4"].fill.fgColor.rgb == "FFFFC7CE"
    assert page.cell(3, len(head) + 1).value == "错误说明"
    page["A4"] = good[0]
    out = io.BytesIO()
    marked.save(out)

    assert len(_without_rows(intake.read(out.getvalue(), "a.xlsx"))) == len(intake.rows)


@pytest.mark.parametrize(
    ("line", "code", "name"),
    [
        ("4101000123", "4101000123", ""),
        ("甲学校", "", "甲学校"),
        ("4101000123 甲学校", "4101000123", "甲学校"),
        ("甲学校\t4101000123", "4101000123", "甲学校"),
        ("甲学校，４１０１０００１２３", "4101000123", "甲学校"),
        ("'4101000123；甲 学校", "4101000123", "甲学校"),
        ("1\t4101000123\t甲学校", "1 4101000123", "甲学校"),
    ],
)
def test_a_typed_school_is_read_with_code_and_name_in_any_order(line: str, code: str, name: str) -> None:
    [row] = school_list.read_typed(f"\n{line}\n")

    assert (row.row, row.code, row.name) == (2, code, name)


@pytest.mark.parametrize(
    "line", ["2420000000000011 10", "'2420000000000011\t10分", "２４２０000000000011：１０", "2420000000000011、10"]
)
def test_typed_points_are_read_as_they_are_pasted(line: str) -> None:
    [row] = aptitude_tests.read_typed(line)

    assert (row.number, row.points) == ("2420000000000011", 10)


def test_a_line_that_is_no_number_with_points_is_quoted() -> None:
    with pytest.raises(BadRows) as refused:
        aptitude_tests.read_typed("报名号 加分\n2420000000000011 张三 10\n2420000000000011 10.5")

    assert [fault.what for fault in refused.value.rows] == [
        f"‘{text}’不是“报名号 加分”的样子"
        for text in ("报名号 加分", "2420000000000011 张三 10", "2420000000000011 10.5")
    ]


def test_the_apostrophe_of_a_text_cell_is_no_part_of_a_code() -> None:
    rows = school_list.read_file(book([["学校代码", "学校名称"], ["'4101000123", "甲学校"]]), "a.xlsx")

    assert [row.code for row in rows] == ["4101000123"]


@pytest.mark.parametrize("name", ["导出.xls", "导出.xlsx", "导出.csv", "导出"])
@pytest.mark.parametrize("start", ["<html><body><table>", "\ufeff\r\n<?xml version='1.0'?><Workbook>", "{\\rtf1"])
def test_a_web_page_that_calls_itself_a_table_is_named_as_one(name: str, start: str) -> None:
    with pytest.raises(Exception, match=r"这是(网页|文档)") as refused:
        school_list.read_file(f"{start}<tr><td>学校名称</td></tr>".encode(), name)

    assert "另存为" in str(refused.value)


def test_a_calendar_of_any_wording_is_read_back_after_its_preview() -> None:
    lines = [
        ["日期", "安排", "说明", "依据文件"],
        ["2025-10-01", "休息", '"国庆",中秋', "国办\n发明电"],
        ["2025-10-02", "休息", "=1", '"'],
    ]
    rows = calendar.read_calendar(text(lines), "a.csv")

    assert calendar.read_calendar(calendar.format_calendar(rows).encode(), "calendar.csv") == rows
