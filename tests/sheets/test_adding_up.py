"""A form whose numbers do not agree with each other never leaves the system."""

import pytest

from tests.sheets.golden import target_rows
from yangguang.sheets import DoesNotAddUp, fill
from yangguang.sheets.monthly_city import FORM_C, form_c
from yangguang.sheets.monthly_province import FORM_P
from yangguang.sheets.target_table import form_t

ROW = {"target": 4000, "secondary": 2600, "three_plus_two": 700, "five_year": 192, "one_year": 85}
DAY = {"unit": "新密市教育局", "year": 2024, "month": 8, "day": 15}


def test_a_total_that_is_not_the_sum_of_its_parts_is_refused_with_the_difference() -> None:
    with pytest.raises(DoesNotAddUp) as refused:
        form_c([{**ROW, "total": 3580}], **DAY)
    assert (refused.value.what, refused.value.where) == (
        "总数写的是 3580，而中专人数＋3+2 人数＋五年一贯制人数＋一年制人数合计 3577，相差 3",
        "第 1 行·总数",
    )


def test_a_total_that_is_right_passes() -> None:
    assert form_c([{**ROW, "total": 3577}], **DAY).rows[0]["total"] == 3577


def test_the_rate_leaves_one_year_students_out_because_the_target_does() -> None:
    assert form_c([ROW], **DAY).rows[0]["completion"] == "87.30%"


def test_the_rate_follows_the_persons_in_the_scope_of_the_target_where_they_are_known() -> None:
    assert form_c([{**ROW, "counted": 3000}], **DAY).rows[0]["completion"] == "75.00%"


def test_without_a_target_the_rate_is_a_dash_and_never_nought() -> None:
    assert [form_c([{**ROW, "target": none}], **DAY).rows[0]["completion"] for none in (None, 0)] == [
        "—",
        "—",
    ]


def test_a_rate_that_does_not_recompute_is_refused() -> None:
    with pytest.raises(DoesNotAddUp) as refused:
        form_c([{**ROW, "completion": "100.00%"}], **DAY)
    assert refused.value.what == "招生任务完成率写的是 100.00%，按表内数字应为 87.30%"


def test_a_labour_number_not_yet_handed_over_stays_empty_and_counts_nothing() -> None:
    row = fill(FORM_P, [{"target": 100, "vocational": 50, "technician": None}]).rows[0]
    assert (row["technician"], row["total"], row["completion"]) == (None, 50, "50.00%")


def test_rows_that_do_not_add_up_to_the_area_are_refused_with_the_difference() -> None:
    rows = target_rows()
    rows[17]["target"] += 1
    with pytest.raises(DoesNotAddUp) as refused:
        form_t(rows, parent="郑州市", year=2024, total=67686)
    assert refused.value.what == "郑州市的招生任务（人）写的是 67686，而 33 行合计 67687，相差 1"


def test_a_total_row_nobody_states_is_computed() -> None:
    assert form_t(target_rows(), parent="郑州市", year=2024).total == {
        "number": None,
        "unit": "郑州市",
        "target": 67686,
    }


def test_a_row_may_be_an_object_with_attributes() -> None:
    class Counted:
        target, secondary, three_plus_two, five_year, one_year = 100, 10, 20, 30, 40

    assert fill(FORM_C, [Counted()]).rows[0] == {
        "target": 100,
        "total": 100,
        "secondary": 10,
        "three_plus_two": 20,
        "five_year": 30,
        "one_year": 40,
        "completion": "60.00%",
    }


def test_a_row_that_lacks_a_column_is_a_mistake_of_the_programmer() -> None:
    with pytest.raises(KeyError, match="one_year"):
        fill(FORM_C, [{key: value for key, value in ROW.items() if key != "one_year"}])


def test_a_correction_of_an_earlier_month_stands_below_the_notes() -> None:
    line = "更正：2024 年 8 月中专人数 2600 更正为 2598（2 人重复登记）。"
    assert form_c([ROW], **DAY, remarks=[line], mark="3f2a").foot[-2:] == [line, "校验码：3f2a"]
