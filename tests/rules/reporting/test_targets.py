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
    Cell,
    Scope,
    TargetRow,
    check_sum,
    completion_rate,
    explain_rate,
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


def test_a_scope_counts_its_sectors_types_and_forms_and_says_them() -> None:
    three = frozenset({ProgrammeType.THREE_YEAR, ProgrammeType.THREE_PLUS_TWO, ProgrammeType.FIVE_YEAR})
    target = Scope(frozenset({Sector.EDUCATION}), three, frozenset({FULL}))
    every = Scope(frozenset(Sector), frozenset(ProgrammeType), frozenset(StudyForm))
    cells = [
        Cell(Sector.EDUCATION, ProgrammeType.THREE_YEAR, FULL, 100),
        Cell(Sector.EDUCATION, ProgrammeType.THREE_PLUS_TWO, FULL, 10),
        Cell(Sector.EDUCATION, ProgrammeType.FIVE_YEAR, FULL, 20),
        Cell(Sector.EDUCATION, ProgrammeType.ONE_YEAR, FULL, 3),
        Cell(Sector.EDUCATION, ProgrammeType.THREE_YEAR, PART, 2),
        Cell(Sector.LABOUR, ProgrammeType.THREE_YEAR, FULL, 50),
    ]

    assert [scope.total(cells) for scope in (target, every)] == [130, 185]
    assert str(target) == "教育线：三年制、3+2、五年一贯制；全日制"
    assert str(every) == "教育线、人社线：各种培养类型（含一年制）；全日制和非全日制"


def test_a_rate_is_explained_with_both_numbers_and_their_one_scope() -> None:
    assert explain_rate(3, 1_008, "教育线：三年制；全日制") == (
        "完成率＝3÷任务数1,008，两个数都只数任务数口径之内的：教育线：三年制；全日制。"
    )


@pytest.mark.parametrize("target", [None, 0])
def test_without_a_target_the_explanation_names_no_rate(target: int | None) -> None:
    assert explain_rate(3, target, "教育线") == "没有任务数，不计算完成率。"
