"""One form for comparing what was typed and what a file says."""

import pytest

from yangguang.rules.base.folding import fold_label, fold_name, fold_number, fold_text, keep_digits


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("　张三 ", "张三"),
        ("ＡＢＣ１２３", "ABC123"),
        ("\u202d15400000009\u202c", "15400000009"),
        ("\u2068甲\u2069\u200b", "甲"),
        ("葛\ufe00\U000e0101", "葛"),
        ("甲\x00乙", "甲\x00乙"),
        ("一\n二", "一\n二"),
        ("\ue123", "\ue123"),
    ],
)
def test_width_and_what_no_one_sees_make_no_difference(text: str, folded: str) -> None:
    assert fold_text(text) == folded


@pytest.mark.parametrize("text", ["买买提·江", "买买提.江", "买买提．江", "买买提・江", "买买提 • 江", "买买提‧江"])
def test_every_middle_dot_between_han_characters_is_one(text: str) -> None:
    assert fold_name(text) == "买买提·江"


@pytest.mark.parametrize("text", ["J. Li", "张.", "1.5"])
def test_other_full_stops_stay(text: str) -> None:
    assert fold_name(text) == text


@pytest.mark.parametrize(
    "text",
    ["汽车运用与维修（新能源）", "汽车运用与维修(新能源)", "汽车运用与维修 (新能源)", "汽车运用与维修（新能源)\u200b"],
)
def test_brackets_of_any_width_and_blanks_make_one_major(text: str) -> None:
    assert fold_label(text) == "汽车运用与维修(新能源)"


@pytest.mark.parametrize(
    ("text", "number"),
    [("S 1", "S1"), ("s1\u200b", "S1"), ("４１０１ ０１", "410101"), ("596—265", "596-265")],
)
def test_numbers_are_compared_without_blanks(text: str, number: str) -> None:
    assert fold_number(text) == number


@pytest.mark.parametrize("text", ["596 265", " 596265", "验证码596265", "596-265", "５９６２６５", "596\u200b265。"])
def test_a_code_is_its_digits_whatever_is_pasted_with_it(text: str) -> None:
    assert keep_digits(text) == "596265"
