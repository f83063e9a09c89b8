"""The sentence for every way a choice can end. (F-N8)"""

import pytest

from yangguang.rules.runs.matching_types import Reason, ReasonCode
from yangguang.rules.runs.reasons import format_reason

CLAUSE = "演示办法 第三条"


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (
            Reason(1, 7, ReasonCode.ADMITTED, 12, 40, 38, (512, 98)),
            "第1志愿：面向您的名额40个，录取到第38位（总分512），您排第12位，已被录取（依据：演示办法 第三条）。",
        ),
        (
            Reason(2, 7, ReasonCode.HIGHER_CHOICE_ADMITTED, 12, 40, 38, None),
            "第2志愿：您已被更靠前的志愿录取，本志愿不再参加录取；面向您的名额40个，录取到第38位，"
            "您排第12位（依据：演示办法 第三条）。",
        ),
        (
            Reason(1, 7, ReasonCode.OUTRANKED, 57, 40, 38, (512,)),
            "第1志愿：面向您的名额40个，录取到第38位（总分512），您排第57位，未达到录取位次（依据：演示办法 第三条）。",
        ),
        (
            Reason(3, 7, ReasonCode.TIED_AT_CUTOFF, 1, 2, None, None),
            "第3志愿：面向您的名额2个，没有人被录取，您排第1位，与您同分的人数超过剩余名额，"
            "按“末位同分者全部候补”的规则一起候补（依据：演示办法 第三条）。",
        ),
        (
            Reason(1, 7, ReasonCode.NO_SEATS, 3, 0, None, None),
            "第1志愿：面向您的名额为0个，您排第3位，未能录取（依据：演示办法 第三条）。",
        ),
        (
            Reason(1, 7, ReasonCode.ADMITTED, 22, 9, 22, (498,)),
            "第1志愿：面向您的名额9个，录取到第22位（总分498；所有填报者一起排位，其中有人被更靠前的志愿录取或"
            "不占这类名额，所以位次大于名额数），您排第22位，已被录取（依据：演示办法 第三条）。",
        ),
        (
            Reason(1, 7, ReasonCode.BARRED, None, 40, 38, (512,), "origin"),
            "第1志愿：生源类别不在招收范围，没有参加排名；本专业普通名额40个，录取到第38位（总分512）"
            "（依据：演示办法 第三条）。",
        ),
    ],
    ids=lambda value: value.code if isinstance(value, Reason) else "",
)
def test_each_end_has_its_sentence(reason: Reason, sentence: str) -> None:
    assert format_reason(reason, CLAUSE) == sentence


def test_a_last_place_beyond_the_seats_is_explained_and_another_is_not() -> None:
    explained = [
        "位次大于名额数" in format_reason(Reason(1, 7, ReasonCode.OUTRANKED, 30, 9, last, None)) for last in (8, 9, 10)
    ]
    assert explained == [False, False, True]


def test_without_a_clause_none_is_promised() -> None:
    assert format_reason(Reason(1, 7, ReasonCode.NO_SEATS, 3, 0, None, None)).endswith("未能录取。")


def test_a_bar_that_is_written_out_is_said_as_it_is() -> None:
    said = format_reason(Reason(1, 7, ReasonCode.BARRED, None, 5, None, None, "年满十八周岁方可报考"))
    assert said == "第1志愿：年满十八周岁方可报考，没有参加排名；本专业普通名额5个，没有人被录取。"


def test_where_few_were_admitted_no_score_is_said_even_if_it_is_handed_in() -> None:
    for reason in (
        Reason(1, 7, ReasonCode.ADMITTED, 1, 1, 1, (540,)),
        Reason(2, 7, ReasonCode.HIGHER_CHOICE_ADMITTED, 3, 1, 1, (540,)),
        Reason(1, 7, ReasonCode.OUTRANKED, 2, 1, 1, (540,)),
        Reason(1, 7, ReasonCode.BARRED, None, 1, 1, (540,), "origin"),
    ):
        said = format_reason(reason, CLAUSE, is_withheld=True)
        assert "录取到第1位（录取人数少、没有录满等情形，不显示末位成绩）" in said
        assert "540" not in said


def test_of_a_programme_without_admissions_no_score_is_missed() -> None:
    said = format_reason(Reason(1, 7, ReasonCode.TIED_AT_CUTOFF, 1, 2, None, None), is_withheld=True)

    assert "没有人被录取" in said
    assert "末位成绩" not in said


def test_a_bar_at_a_programme_without_ordinary_seats_tells_no_number() -> None:
    said = format_reason(Reason(1, 7, ReasonCode.BARRED, None, 0, None, None, "no_quota"))
    assert said == "第1志愿：不属于该专业任何一类名额的招收对象，没有参加排名。"
