"""A form whose numbers do not agree with each other is never rendered."""

import pytest

from tests.sheets.golden import target_rows
from tests.support.builders.forms import FORM_C_SHEET, FORM_P_SHEET, FORM_T_SHEET
from yangguang.sheets import TotalMismatch, fill_sheet
from yangguang.sheets.target_table import fill_target_table

PARTS = {"secondary": 2600, "three_plus_two": 700, "five_year": 192, "one_year": 85}
ROW = {"target": 4000, "counted": 3492, **PARTS}
DAY = {"unit": "新密市教育局", "year": 2024, "month": 8, "day": 15}


def test_a_total_that_is_not_the_sum_of_its_parts_is_refused_with_the_difference() -> None:
    with pytest.raises(TotalMismatch) as refused:
        fill_sheet(FORM_C_SHEET, [{**ROW, "total": 3580}], **DAY)

    assert (refused.value.what, refused.value.where) == (
        "总数写的是 3580，而中专人数＋3+2 人数＋五年一贯制人数＋一年制人数合计 3577，相差 3",
        "第 1 行·总数",
    )


def test_a_correct_total_is_accepted() -> None:
    assert fill_sheet(FORM_C_SHEET, [{**ROW, "total": 3577}], **DAY).rows[0]["total"] == 3577


def test_the_rate_follows_the_persons_in_the_scope_of_the_target() -> None:
    assert fill_sheet(FORM_C_SHEET, [ROW], **DAY).rows[0]["completion"] == "87.30%"


def test_without_a_target_the_rate_is_a_dash_and_never_zero() -> None:
    assert [fill_sheet(FORM_C_SHEET, [{**ROW, "target": none}], **DAY).rows[0]["completion"] for none in (None, 0)] == [
        "—",
        "—",
    ]


def test_a_wrong_rate_is_refused() -> None:
    with pytest.raises(TotalMismatch) as refused:
        fill_sheet(FORM_C_SHEET, [{**ROW, "completion": "100.00%"}], **DAY)

    assert refused.value.what == "招生任务完成率写的是 100.00%，按表内数字应为 87.30%"


def test_a_missing_labour_number_stays_empty_and_adds_nothing() -> None:
    row = fill_sheet(FORM_P_SHEET, [{"target": 100, "vocational": 50, "technician": None, "counted": 50}]).rows[0]

    assert (row["technician"], row["total"], row["completion"]) == (None, 50, "50.00%")


def test_rows_that_do_not_add_up_to_the_area_are_refused_with_the_difference() -> None:
    rows = target_rows()
    rows[17]["target"] += 1

    with pytest.raises(TotalMismatch) as refused:
        fill_target_table(FORM_T_SHEET, rows, parent="郑州市", year=2024, total=67686)

    assert refused.value.what == "郑州市的招生任务（人）写的是 67686，而 33 行合计 67687，相差 1"


def test_a_total_row_is_computed_when_it_is_not_stated() -> None:
    assert fill_target_table(FORM_T_SHEET, target_rows(), parent="郑州市", year=2024).total == {
        "number": None,
        "unit": "郑州市",
        "target": 67686,
    }


def test_a_row_may_be_an_object_with_attributes() -> None:
    class Counted:
        target, secondary, three_plus_two, five_year, one_year, counted = 100, 10, 20, 30, 40, 60

    assert fill_sheet(FORM_C_SHEET, [Counted()]).rows[0] == {
        "target": 100,
        "total": 100,
        "secondary": 10,
        "three_plus_two": 20,
        "five_year": 30,
        "one_year": 40,
        "completion": "60.00%",
    }


def test_a_row_without_a_required_column_raises_key_error() -> None:
    with pytest.raises(KeyError, match="one_year"):
        fill_sheet(FORM_C_SHEET, [{key: value for key, value in ROW.items() if key != "one_year"}])


def test_a_correction_of_an_earlier_month_is_printed_below_the_notes() -> None:
    line = "更正：2024 年 8 月中专人数 2600 更正为 2598（2 人重复登记）。"

    assert fill_sheet(FORM_C_SHEET, [ROW], **DAY, remarks=[line], mark="3f2a").foot[-2:] == [line, "校验码：3f2a"]
