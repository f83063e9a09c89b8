"""Lists of choices that are refused, each with its own sentence."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.support.builders.origin_rules import RULES_2024
from yangguang.rules.applicants.origins import Origin, StudyForm
from yangguang.rules.base.refusals import Refused
from yangguang.rules.choices.check_choices import ChosenProgramme, check_choices
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.seasons.windows import SHANGHAI

AT = datetime(2024, 8, 1, 9, 0, tzinfo=SHANGHAI)
SECOND = timedelta(seconds=1)


def chosen(number: int, school: int | None = None, **changes: object) -> ChosenProgramme:
    own = number if school is None else school
    plain = ChosenProgramme(number, f"演示学校·专业{number}", own, True, ProgrammeType.THREE_YEAR, StudyForm.FULL_TIME)
    return replace(plain, **changes)


def check(*choices: ChosenProgramme, most: int = 3, majors: int = 1) -> None:
    check_choices(choices, most, majors, RULES_2024[Origin.JUNIOR_THIS_YEAR], AT, clause="演示办法 第三条")


def test_a_list_at_every_limit_is_accepted() -> None:
    check(chosen(1, 7), chosen(2, 7), chosen(3, 8), most=3, majors=2)
    check(chosen(1, filed_until=AT + SECOND))
    check(chosen(1, origins=frozenset({"junior_this_year"})))


@pytest.mark.parametrize(
    ("choices", "where", "sentence"),
    [
        ([], 1, "还没有填报任何志愿"),
        ([chosen(i) for i in range(5)], 4, "共填了5个志愿，超过本批次的上限3个。请删去2个志愿"),
        ([chosen(1), chosen(2), chosen(1)], 3, "第3志愿“演示学校·专业1”与第1志愿相同"),
        ([chosen(1), chosen(2, in_round=False)], 2, "第2志愿“演示学校·专业2”不在本批次的招生计划中"),
        ([chosen(1, is_stopped=True)], 1, "的学校已停止招生"),
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
def test_the_first_choice_that_is_not_allowed_is_refused_by_name(
    choices: list[ChosenProgramme], where: int, sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        check(*choices)

    assert sentence in str(refused.value)
    of_origin = "可以选择" in sentence
    assert refused.value.clause == ("测试文件 第一条" if of_origin else "演示办法 第三条")
    assert refused.value.where == f"choice-{where}"
