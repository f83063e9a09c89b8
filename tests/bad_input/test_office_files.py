"""Files as other offices send them: each is taken whole, or refused with a sentence that names the place."""

import io
from collections.abc import Callable

import openpyxl
import pytest

from tests.support.builders.enrolment import id_number
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.sheets.import_profiles import load_profiles, read_results

HEAD = ["身份证号", "姓名", "录取学校", "录取专业", "录取院校", "总分"]
ONE = [id_number(1), "张三", "甲校", "汽车（新能源）", "某大学", "400"]
TWO = [id_number(2), "买买提·江", "乙校", "护理", "某大学", "410"]
Change = Callable[[openpyxl.Workbook], object]


def book(change: Change = lambda _: None, *sheets: list[list[str]]) -> bytes:
    """A workbook with a title, the header in row 2, and two rows; further worksheets as given."""
    workbook = openpyxl.Workbook()
    workbook.active.title = "名单"
    for lines in ([["2024年录取名单"], HEAD, ONE, TWO], *sheets):
        page = workbook.active if lines[0][0].startswith("2024") else workbook.create_sheet()
        for cells in lines:
            page.append(cells)
    change(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def cell(address: str, value: object, kind: str = "") -> Change:
    """A change of one cell of the list."""

    def change(workbook: openpyxl.Workbook) -> None:
        workbook["名单"][address].value = value
        if kind:
            workbook["名单"][address].data_type = kind

    return change


def text(*lines: list[str], separator: str = ",", encoding: str = "utf-8") -> bytes:
    return "\r\n".join(separator.join(cells) for cells in lines).encode(encoding)


def hide_row(workbook: openpyxl.Workbook) -> None:
    workbook["名单"].row_dimensions[4].hidden = True


def hide_column(workbook: openpyxl.Workbook) -> None:
    workbook["名单"].column_dimensions["E"].hidden = True


def shift(workbook: openpyxl.Workbook) -> None:
    workbook["名单"].insert_cols(1, 2)
    workbook["名单"].insert_rows(1, 3)


TAKEN = {
    "Excel on Windows, saved as CSV": ("a.csv", text(HEAD, ONE, TWO, encoding="gb18030")),
    "Excel, saved as Unicode text": ("a.txt", text(HEAD, ONE, TWO, separator="\t", encoding="utf-16")),
    "WPS with semicolons": ("a.csv", text(HEAD, ONE, TWO, separator=";", encoding="utf-8-sig")),
    "a title above a list with semicolons": ("a.csv", text(["名单"], HEAD, ONE, TWO, separator=";")),
    "a list that begins further right and below": ("a.xlsx", book(shift)),
    "a hidden column": ("a.xlsx", book(hide_column)),
    "an empty second worksheet": ("a.xlsx", book(lambda workbook: workbook.create_sheet("Sheet2"))),
    "heads in full width with marks": (
        "a.csv",
        text(["身份证号\u200b", "姓　名", "录取学校", "录取专业", "录取院校", "总分"], ONE, TWO),
    ),
    "a name copied from a chat": ("a.csv", text(HEAD, [ONE[0], "\u2068张三\u2069", *ONE[2:]], TWO)),
    "a number in full width with blanks": (
        "a.csv",
        text(HEAD, [" ".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in ONE[0]), *ONE[1:]], TWO),
    ),
    "a number with the apostrophe of our own CSV": ("a.csv", text(HEAD, ["'" + ONE[0], *ONE[1:]], TWO)),
    "a page break that repeats the header": ("a.csv", text(HEAD, ONE, HEAD, TWO)),
    "empty rows and a note at the end": ("a.csv", text(HEAD, ONE, [], TWO, [], ["备注：以此为准"])),
}
REFUSED = {
    "one worksheet for each county": (
        "a.xlsx",
        book(lambda _: None, [HEAD, TWO]),
        "文件有2张有内容的工作表（名单、Sheet）",
    ),
    "an instruction on a second worksheet": ("a.xlsx", book(lambda _: None, [["填表说明"]]), "请只留要报送的一张"),
    "a continuation without a header": ("a.xlsx", book(lambda _: None, [TWO]), "只收一张"),
    "a filter": ("a.xlsx", book(hide_row), "第 4 行：这一行在表格里是隐藏的"),
    "a cell of #N/A in a column that may be empty": (
        "a.xlsx",
        book(cell("E3", "#N/A", "e")),
        "第 3 行·录取院校：‘#N/A’",
    ),
    "a look-up whose result was not stored": ("a.xlsx", book(cell("E4", "=VLOOKUP(A4,X:Y,2)")), "第 4 行·录取院校"),
    "a number stored as a number": ("a.xlsx", book(cell("A3", 410101200903050018)), "第 3 行·身份证号"),
    "a number as 4.1E+17": ("a.csv", text(HEAD, ["4.10101E+17", *ONE[1:]], TWO), "第 2 行·身份证号：‘4.10101E+17’"),
    "one college merged over two rows": (
        "a.xlsx",
        book(lambda workbook: workbook["名单"].merge_cells("E3:E4")),
        "第 4 行·录取院校：这一格与别的格合并了",
    ),
    "a remark beside the table": ("a.xlsx", book(cell("H4", "已放弃")), "第 4 行·H列：这一格的上面没有表头"),
    "a second table below with another order": (
        "a.csv",
        text(HEAD, ONE, ["姓名", "身份证号", "录取学校", "录取专业", "录取院校", "总分"], TWO),
        "第 3 行：这里又有一个表头",
    ),
    "a row with a comma too many": ("a.csv", text(HEAD, [*ONE, "", "x"], TWO), "第 2 行·H列"),
    "the header twice in one row": ("a.csv", text([*HEAD, "姓名"], [*ONE, "李四"]), "“姓名”一列出现了 2 次"),
    "rows above the header": ("a.csv", text(ONE, HEAD, TWO), "第 1 行：这一行在表头上面"),
    "half a character in a UTF-8 file": (
        "a.csv",
        text(HEAD, ONE, TWO).replace("护理".encode(), "护理".encode()[:-1]),
        "第 3 行的文字编码有损坏",
    ),
    "a private-use character of an old font": (
        "a.csv",
        text(HEAD, [ONE[0], "张\ue000", *ONE[2:]], TWO),
        "第 2 行·姓名：含有看不见的字符（U+E000）",
    ),
    "a name of 41 characters": ("a.csv", text(HEAD, [ONE[0], "张" * 41, *ONE[2:]], TWO), "第 2 行·姓名：共 41 个字"),
}


@pytest.mark.parametrize("case", TAKEN)
def test_a_file_is_taken_whole(case: str) -> None:
    name, data = TAKEN[case]

    rows = read_results(data, name, load_profiles()["board"])

    assert [(row.id_number, row.name, row.school, row.major, row.college) for row in rows] == [
        tuple(ONE[:5]),
        tuple(TWO[:5]),
    ]


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_is_refused_with_a_sentence_that_names_the_place(case: str) -> None:
    name, data, sentence = REFUSED[case]

    with pytest.raises(Refused) as refused:
        read_results(data, name, load_profiles()["board"])

    faults = refused.value.rows if isinstance(refused.value, BadRows) else []
    sentences = [str(refused.value), *(f"{fault.where}：{fault}" for fault in faults)]

    assert any(sentence in line for line in sentences), sentences
    assert refused.value.now
