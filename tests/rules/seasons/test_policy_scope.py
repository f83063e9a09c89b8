"""Scopes of rule rows: spelling, fit and which row wins."""

import pytest

from yangguang.rules.seasons.policy_scope import (
    Axis,
    Facts,
    find_most_particular,
    format_scope,
    overlaps,
    parse_scope,
)

XINMI: Facts = {Axis.PROGRAMME_TYPE: ["3+2"], Axis.AREA: ["新密市", "郑州市", "河南省"]}


def test_a_scope_is_read_and_written_in_one_spelling() -> None:
    scope = parse_scope(" 地区 = 郑州市 ； 培养类型=五年一贯制、3+2 ")

    assert scope == {Axis.PROGRAMME_TYPE: {"3+2", "五年一贯制"}, Axis.AREA: {"郑州市"}}
    assert format_scope(scope) == "培养类型=3+2、五年一贯制；地区=郑州市"


def test_an_empty_scope_holds_for_everybody() -> None:
    assert parse_scope("") == {}
    assert find_most_particular([({}, "row")], {}) == "row"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("郑州市", "看不懂"),
        ("城市=郑州市", "项目是培养类型、办学形式"),
        ("地区=", "没有写取值"),
        ("地区=、", "没有写取值"),
        ("地区=郑州市；地区=开封市", "写了两次"),
    ],
)
def test_a_scope_that_cannot_be_read_is_refused_with_a_sentence(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_scope(text)


@pytest.mark.parametrize(
    ("scopes", "winner"),
    [
        (["", "地区=河南省"], "地区=河南省"),
        (["地区=河南省", "地区=郑州市"], "地区=郑州市"),
        (["地区=郑州市、开封市", "地区=新密市"], "地区=新密市"),
        (["地区=新密市", "培养类型=3+2"], "培养类型=3+2"),
        (["培养类型=3+2", "培养类型=3+2；地区=河南省"], "培养类型=3+2；地区=河南省"),
        (["培养类型=三年制", "地区=开封市"], None),
        (["季次=秋季"], None),
    ],
)
def test_the_most_particular_scope_that_fits_wins_in_whatever_order_the_rows_come(
    scopes: list[str], winner: str | None
) -> None:
    rows = [(parse_scope(text), text) for text in scopes]

    assert find_most_particular(rows, XINMI) == winner
    assert find_most_particular(rows[::-1], XINMI) == winner


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("", "", True),
        ("地区=郑州市、开封市", "地区=开封市", True),
        ("地区=郑州市", "地区=开封市", False),
        ("地区=郑州市", "", False),
        ("地区=郑州市；季次=春季", "地区=郑州市", False),
    ],
)
def test_two_scopes_overlap_when_neither_is_more_particular(one: str, other: str, *, expected: bool) -> None:
    assert overlaps(parse_scope(one), parse_scope(other)) is expected
