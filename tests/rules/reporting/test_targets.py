"""Targets: sums to the person, rates that never flatter, and one scope per form."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.reference import rows as reference_rows
from yangguang.rules.applicants.origins import StudyForm
from yangguang.rules.base.refusals import BadRows
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.reporting.targets import (
    FORM_C_2024,
    FORM_C_COLUMNS,
    FORM_P_2023,
    FORM_P_COLUMNS,
    RATE_OF_FORM,
    TARGET_2024,
    TargetRow,
    check_sum,
    completion_rate,
    format_rate,
)

FULL, PART = StudyForm.FULL_TIME, StudyForm.PART_TIME
ZHENGZHOU = [TargetRow(int(r["no"]), r["unit"], int(r["task"])) for r in reference_rows("zhengzhou_tasks_2024")]


def changed(no: int, by: int) -> list[TargetRow]:
    return [TargetRow(r.position, r.unit, r.target + by * (r.position == no)) for r in ZHENGZHOU]


def refusal(rows: list[TargetRow], total: int = 67686) -> BadRows:
    with pytest.raises(BadRows) as caught:
        check_sum("郑州市", total, rows)
    return caught.value


def test_the_table_of_2024_adds_up_to_the_person() -> None:
    check_sum("郑州市", 67686, ZHENGZHOU)
    areas, schools = ZHENGZHOU[:6], ZHENGZHOU[6:]
    check_sum("区县（市）", 35500, areas)
    check_sum("学校", 32186, schools)

    assert (len(areas), len(schools), ZHENGZHOU[-1].target) == (6, 27, 2133)


def test_a_sum_off_by_one_is_refused_with_the_difference_and_a_row() -> None:
    short = refusal(changed(18, -1))

    assert short.what == "郑州市的任务数是 67686，各行合计 67685，少 1 人，没有写入"
    assert [fault.where for fault in short.rows] == ["第 33 行·招生任务（人）"]

    over = refusal(changed(18, 1))

    assert over.what == "郑州市的任务数是 67686，各行合计 67687，多 1 人，没有写入"
    assert over.rows[0].what == "加到第 33 行（其他学校）时合计 67687 已超过 67686，共多 1 人"


def test_a_row_equal_to_the_excess_is_named() -> None:
    found = refusal([*ZHENGZHOU, TargetRow(34, "上街区", 777)])

    assert found.rows[0].what == "第 34 行（上街区）的任务数正好等于多出的 777 人"
    assert found.rows[0].where == "第 34 行·招生任务（人）"


def test_a_unit_named_twice_and_a_negative_number_are_named_before_the_sum() -> None:
    found = refusal([*ZHENGZHOU, TargetRow(34, "新密市", 0), TargetRow(35, "二七区", -5)])

    assert [(fault.where, fault.what) for fault in found.rows] == [
        ("第 35 行·招生任务（人）", "二七区的任务数是负数"),
        ("第 34 行·单位名称", "新密市在第 1 行已经出现"),
    ]


def test_an_empty_table_is_refused_unless_nothing_is_to_be_shared_out() -> None:
    assert refusal([]).rows[0].what == "表里没有任何一行"

    check_sum("郑州市", 0, [])


@given(st.lists(st.integers(0, 20000), max_size=40), st.integers(0, 400000))
def test_a_table_passes_exactly_when_its_rows_add_up(targets: list[int], total: int) -> None:
    rows = [TargetRow(no, f"单位{no}", target) for no, target in enumerate(targets, 1)]
    check_sum("演示市", sum(targets), rows)
    if total != sum(targets):
        assert str(abs(total - sum(targets))) in refusal(rows, total).what


@pytest.mark.parametrize(
    ("done", "target", "said"),
    [
        (0, 500, "0.00%"),
        (500, 500, "100.00%"),
        (499, 500, "99.80%"),
        (1, 3, "33.33%"),
        (2, 3, "66.67%"),
        (99999, 100000, "99.99%"),
        (600, 500, "120.00%"),
        (5, 0, "—"),
        (5, None, "—"),
    ],
)
def test_a_rate_is_said_without_flattery(done: int, target: int | None, said: str) -> None:
    assert format_rate(completion_rate(done, target)) == said


@given(st.integers(0, 200000), st.integers(1, 200000))
def test_a_rate_reaches_a_hundred_exactly_when_the_target_is_reached(done: int, target: int) -> None:
    rate = completion_rate(done, target)

    assert rate is not None
    assert (rate >= 100) == (done >= target)
    assert abs(rate - Decimal(done) * 100 / target) <= Decimal("0.01")


def test_the_target_counts_three_full_time_programme_types_without_technician_schools() -> None:
    counted = {
        (sector, programme_type, form)
        for sector in Sector
        for programme_type in ProgrammeType
        for form in StudyForm
        if TARGET_2024.counts(sector, programme_type, form)
    }
    three = (ProgrammeType.THREE_YEAR, ProgrammeType.THREE_PLUS_TWO, ProgrammeType.FIVE_YEAR)

    assert counted == {(Sector.EDUCATION, programme_type, FULL) for programme_type in three}


def test_one_year_is_in_the_citys_total_but_not_in_its_target() -> None:
    cells = [
        (Sector.EDUCATION, ProgrammeType.THREE_YEAR, FULL, 100),
        (Sector.EDUCATION, ProgrammeType.THREE_PLUS_TWO, FULL, 10),
        (Sector.EDUCATION, ProgrammeType.FIVE_YEAR, FULL, 20),
        (Sector.EDUCATION, ProgrammeType.ONE_YEAR, PART, 3),
        (Sector.LABOUR, ProgrammeType.THREE_YEAR, FULL, 50),
    ]

    assert [scope.total(cells) for scope in (TARGET_2024, FORM_C_2024, FORM_P_2023)] == [130, 133, 183]


def test_the_columns_of_each_form_share_out_its_total_without_overlap() -> None:
    assert (
        sum(len(programme_types) for programme_types in FORM_C_COLUMNS.values())
        == len(FORM_C_2024.programme_types)
        == len(ProgrammeType)
    )
    assert sum(len(sectors) for sectors in FORM_P_COLUMNS.values()) == len(FORM_P_2023.sectors) == len(Sector)


def test_the_citys_rate_uses_the_target_scope_and_the_provinces_its_own_total() -> None:
    assert (RATE_OF_FORM["form_c_2024"], RATE_OF_FORM["form_p_2023"]) == (TARGET_2024, FORM_P_2023)
