"""Choices that are refused, each by its own sentence; and the words of the rounds."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from yangguang.rules.applicants.origins import Origin, StudyForm
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.seasons.rounds import (
    ONLY_WITHOUT_SEAT,
    RANKING,
    ChosenProgramme,
    RoundKind,
    WindowKind,
    check_choices,
)
from yangguang.rules.seasons.windows import SHANGHAI

AT = datetime(2024, 8, 1, 9, 0, tzinfo=SHANGHAI)
SECOND = timedelta(seconds=1)


def chosen(line: int, school: int | None = None, **changes: object) -> ChosenProgramme:
    own = line if school is None else school
    plain = ChosenProgramme(
        line, f"演示学校·专业{line}", own, True, ProgrammeType.THREE_YEAR, StudyForm.FULL_TIME
    )
    return replace(plain, **changes)


def check(*lines: ChosenProgramme, most: int = 3, majors: int = 1) -> None:
    check_choices(lines, most, majors, Origin.JUNIOR_THIS_YEAR, AT, clause="演示办法 第三条")


def test_a_list_up_to_every_limit_passes() -> None:
    check(chosen(1, 7), chosen(2, 7), chosen(3, 8), most=3, majors=2)
    check(chosen(1, stopped_from=AT + SECOND, filed_until=AT + SECOND))
    check(chosen(1, origins=frozenset({"junior_this_year"})))


@pytest.mark.parametrize(
    ("lines", "where", "says"),
    [
        ([], 1, "还没有填报任何志愿"),
        ([chosen(i) for i in range(5)], 4, "共填了5个志愿，超过本批次的上限3个。请删去2个志愿"),
        ([chosen(1), chosen(2), chosen(1)], 3, "第3志愿“演示学校·专业1”与第1志愿相同"),
        ([chosen(1), chosen(2, in_round=False)], 2, "第2志愿“演示学校·专业2”不在本批次的招生计划中"),
        ([chosen(1, stopped_from=AT)], 1, "的学校已停止招生"),
        ([chosen(1, filed_until=AT)], 1, "跨省招生备案已到期"),
        ([chosen(1, origins=frozenset({"veteran"}))], 1, "不招收“应届初中毕业生”"),
        (
            [chosen(1), chosen(2, study_form=StudyForm.PART_TIME)],
            2,
            "是三年制、非全日制，不能选择。“应届初中毕业生”可以选择：三年制、3+2、五年一贯制、3+4；全日制。",
        ),
        ([chosen(1, 7), chosen(2), chosen(3, 7)], 3, "是该校的第2个专业，超过每校1个的上限"),
    ],
)
def test_a_choice_that_is_not_allowed_is_named(lines: list[ChosenProgramme], where: int, says: str) -> None:
    with pytest.raises(Refused) as refused:
        check(*lines)
    assert says in str(refused.value)
    assert str(refused.value).endswith("（依据：演示办法 第三条）")
    assert refused.value.where == f"choice-{where}"


def test_the_windows_are_called_as_in_the_glossary() -> None:
    assert [label for _, label in WindowKind.choices()] == [
        "计划录入",
        "简章审核",
        "报名",
        "志愿填报",
        "志愿复核",
        "录取",
        "结果公布",
        "应答",
        "候补递补",
        "报到",
        "学籍核验",
        "月报",
    ]


def test_each_kind_of_round_knows_whether_it_ranks_and_who_may_join() -> None:
    assert {kind for kind in RoundKind if kind in RANKING} == {
        RoundKind.RANKED,
        RoundKind.SUPPLEMENTARY_RANKED,
    }
    assert {kind for kind in RoundKind if kind in ONLY_WITHOUT_SEAT} == {
        RoundKind.SUPPLEMENTARY_RANKED,
        RoundKind.SUPPLEMENTARY_DIRECT,
    }
