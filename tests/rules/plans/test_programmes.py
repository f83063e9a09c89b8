"""A plan holds no more than its school, and the quotas of a programme no more than its seats."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.support.builders.origin_rules import RULES_2024
from yangguang.rules.applicants.origins import StudyForm
from yangguang.rules.base.refusals import BadRows
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.plans.programmes import (
    PlanLimits,
    ProgrammeDraft,
    QuotaDraft,
    QuotaKind,
    check_plan,
    complete_programme,
)
from yangguang.rules.plans.quotas import Mode
from yangguang.rules.seasons.policy_values import Span

DEDICATED = QuotaDraft(QuotaKind.DEDICATED_CLASS, 30, Mode.EXACTLY, 1)
GENERAL = QuotaDraft(QuotaKind.GENERAL, 57, Mode.AT_LEAST, 2)
NURSING = complete_programme(
    ProgrammeDraft(
        major="护理",
        programme_type=ProgrammeType.THREE_YEAR,
        study_form=StudyForm.FULL_TIME,
        years=Decimal(3),
        seats=87,
        quotas=(DEDICATED, GENERAL),
    ),
    RULES_2024,
)
YEARS = {one: (Span(1, 9), "") for one in ProgrammeType} | {ProgrammeType.THREE_YEAR: (Span(2, 4), "某通知 二")}


def faults(capacity: int, programme: ProgrammeDraft) -> list[str]:
    with pytest.raises(BadRows) as refused:
        check_plan(capacity, [programme], PlanLimits(RULES_2024, years=YEARS))
    return [row.what for row in refused.value.rows]


@pytest.mark.parametrize(("seats", "capacity"), [(87, 87), (90, 120)])
def test_quotas_may_leave_part_of_the_programme_unfilled(seats: int, capacity: int) -> None:
    check_plan(capacity, [replace(NURSING, seats=seats)], PlanLimits(RULES_2024, years=YEARS))


def test_quotas_never_exceed_the_programme() -> None:
    assert faults(120, replace(NURSING, seats=86)) == ["第 1 行（护理）各类别名额合计87人，超过招生计划86人，多1人"]


def test_a_plan_never_exceeds_what_the_school_can_hold() -> None:
    assert faults(80, replace(NURSING, seats=90)) == ["各行计划合计90人，超过办学容量80人，多10人"]


@pytest.mark.parametrize(("years", "is_right"), [(1, False), (2, True), (4, True), (5, False)])
def test_the_length_is_within_the_span_of_the_rule_and_its_clause_is_named(years: int, *, is_right: bool) -> None:
    programme = replace(NURSING, years=Decimal(years))
    if is_right:
        check_plan(120, [programme], PlanLimits(RULES_2024, years=YEARS))
        return

    with pytest.raises(BadRows) as refused:
        check_plan(120, [programme], PlanLimits(RULES_2024, years=YEARS))

    (row,) = refused.value.rows
    assert (row.what, row.clause) == (f"三年制的学制为2至4年，填写的是{years}年", "某通知 二")
