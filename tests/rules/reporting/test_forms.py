"""The shape of a form: what a rule row may say, and which column counts whom."""

import re

import pytest

from tests.support.builders.forms import FORM_C, FORM_P, FORM_T
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.reporting.forms import read_report_form, read_target_form

Form = dict[str, object]
CITY_COLUMNS = {
    "target": "招生任务数",
    "total": "总数",
    "secondary": "中专",
    "one_year": "一年制",
    "completion": "完成率",
}


def form(columns: dict[str, str] = CITY_COLUMNS, **texts: object) -> Form:
    return {"title": "表", "columns": [list(column) for column in columns.items()], **texts}


def without(key: str) -> dict[str, str]:
    return {one: heading for one, heading in CITY_COLUMNS.items() if one != key}


@pytest.mark.parametrize("value", [FORM_C, FORM_P])
def test_a_form_that_is_shipped_counts_everybody_in_one_column(value: Form) -> None:
    shape = read_report_form(value)

    counting = {len(shape.parts_of((sector, one))) for sector in Sector for one in ProgrammeType}

    assert counting == {1}


def test_a_type_without_a_column_is_counted_with_the_rest() -> None:
    shape = read_report_form(FORM_C)

    rest = [one.label for one in ProgrammeType if shape.parts_of((Sector.EDUCATION, one)) == ["secondary"]]

    assert rest == ["三年制", "3+4", "本科贯通", "专科贯通", "高中起点"]


def test_a_number_without_a_column_is_called_what_it_counts() -> None:
    headings = read_report_form(FORM_C).headings

    assert (headings["three_plus_two"], headings["target"]) == ("3+2 人数", "中等职业教育招生数")
    assert (headings["college_pathway"], headings["counted"]) == ("专科贯通人数", "任务口径人数")


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("附件2", "应是写明 title、columns 的对象"),
        ({"title": "表"}, "应是写明 title、columns 的对象"),
        (form(footnote="注"), "应是写明 title、columns 的对象"),
        (form({}), "至少有一列"),
        (form(notes="备注：无"), "columns、notes 应是列表"),
        (
            form(CITY_COLUMNS | {"boarders": "住校人数"}),
            "没有“boarders”这一列，应是target（招生任务数）、",
        ),
        ({"title": "表", "columns": [["total", "总数"], ["total", "合计"]]}, "列“total”写了两次"),
        (form(CITY_COLUMNS | {"five_year": "一年制"}), "列“一年制”写了两次"),
        ({"title": "表", "columns": [["total"]]}, '列应写成 ["total", "总数"]'),
        ({"title": "表", "columns": [["", "总数"]]}, "应是一行文字"),
        ({"title": "表", "columns": [["total", ""]]}, "应是一行文字"),
        ({"title": "表", "columns": [["total", 1]]}, "应是一行文字"),
        (form(title="表（{term}）"), "“表（{term}）”里的空格只能是{unit}、{year}、{month}、{day}"),
        (form(notes=["截至{year"]), "里的空格只能是"),
        (form(subtitle="{year!x}"), "里的空格只能是"),
        (form(without("target")), "有完成率（completion），没有任务数（target）"),
        (form(without("secondary")), "没有一列数到教育线三年制的学生"),
        (form(CITY_COLUMNS | {"technician": "技工学校"}), "一年制、技工学校都数人社线一年制的学生"),
    ],
)
def test_a_row_that_cannot_be_printed_or_does_not_add_up_is_refused(value: object, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        read_report_form(value)


def test_a_target_table_has_its_three_columns_in_any_order() -> None:
    columns = [["target", "任务数"], ["unit", "学校"], ["number", "序"]]
    shape = read_target_form(FORM_T | {"columns": columns})

    assert [column.key for column in shape.columns] == ["target", "unit", "number"]

    with pytest.raises(ValueError, match="缺少number（序号）这一列"):
        read_target_form(FORM_T | {"columns": columns[:2]})
