"""The target table as an upload: 33 rows and a total row that must agree to the last person (S24-A1.02)."""

import pytest

from tests.sheets.golden import target_lines
from tests.sheets.test_upload import workbook
from tests.support.builders.forms import FORM_T_SHEET
from yangguang.rules.base.refusals import BadRows
from yangguang.sheets.target_table import read_target_table

EARLIER = {unit: int(target) for _, unit, target in target_lines()[2:]}


def upload(change: dict[int, tuple[int, object]] | None = None) -> bytes:
    """The 2024 table; `change` maps a file row (the header is 1, 郑州市 is 2) to (column, new cell)."""
    lines: list[list[object]] = [list(line) for line in target_lines()]
    for line, (column, cell) in (change or {}).items():
        lines[line - 1][column] = cell
    return workbook(lines)


def refusal(data: bytes, earlier: dict[str, int] | None = None) -> tuple[str, list[tuple[str, str]]]:
    with pytest.raises(BadRows) as refused:
        read_target_table(data, "x.xlsx", FORM_T_SHEET, parent="郑州市", earlier=earlier)
    return refused.value.what, [(fault.where, fault.what) for fault in refused.value.rows]


def test_the_printed_table_adds_up_to_exactly_67686() -> None:
    rows, total = read_target_table(upload(), "x.xlsx", FORM_T_SHEET, parent="郑州市")

    assert (len(rows), sum(row.target for row in rows), total) == (33, 67686, 67686)


def test_notes_between_the_printed_rows_are_skipped() -> None:
    lines = target_lines()
    lines.insert(18, ["注：（一）以上表中所列学校主要是每年招生规模较大的学校。"])
    rows, _ = read_target_table(workbook(lines), "x.xlsx", FORM_T_SHEET, parent="郑州市")

    assert len(rows) == 33


def test_a_wrong_sum_names_the_one_row_that_was_changed() -> None:
    what, rows = refusal(upload({9: (2, 1201)}), EARLIER)

    assert what == "郑州市的任务数是 67686，各行合计 67687，多 1 人，没有写入"
    assert rows == [("第 9 行·招生任务（人）", "“郑州艺术幼儿师范学校”原为 1200 人，本次为 1201 人")]


def test_without_an_earlier_version_the_total_row_is_named_too() -> None:
    what, rows = refusal(upload({2: (2, 67000)}))

    assert what == "郑州市的任务数是 67000，各行合计 67686，多 686 人，没有写入"
    assert rows[-1] == ("第 2 行·招生任务（人）", "各行合计 67686 人，与合计行不符")


def test_when_several_rows_were_changed_the_total_row_is_named() -> None:
    _, rows = refusal(upload({9: (2, 1201), 10: (2, 1031)}), EARLIER)

    assert rows[-1][0] == "第 2 行·招生任务（人）"


def test_a_target_written_in_words_is_named_by_row_and_column() -> None:
    assert refusal(upload({9: (2, "三百")})) == (
        "文件中有 1 处错误，没有写入任何数据",
        [("第 9 行·招生任务（人）", "‘三百’不是整数")],
    )


def test_a_table_without_a_total_row_is_refused() -> None:
    lines = target_lines()

    assert refusal(workbook([lines[0], *lines[2:]])) == (
        "表中没有合计行",
        [("第 1 行·单位名称", "没有找到序号为空、单位名称为“郑州市”的合计行")],
    )


def test_the_table_of_another_area_is_refused() -> None:
    assert refusal(upload({2: (1, "洛阳市")}))[0] == "合计行写的是“洛阳市”，不是“郑州市”"


def test_a_unit_named_twice_is_refused_at_its_second_row() -> None:
    assert refusal(upload({10: (1, "新密市")}))[1] == [("第 10 行·单位名称", "‘新密市’与第 3 行重复")]


def test_a_second_row_without_a_number_is_not_read_as_a_total() -> None:
    assert refusal(upload({3: (0, "")}))[1] == [("第 3 行·序号", "没有填写")]
