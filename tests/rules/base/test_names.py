"""Names and phones: one stored form, nothing invisible, nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.rules.base.names import clean_name, clean_phone, mask_name, mask_phone
from yangguang.rules.base.refusals import Refused


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("张三丰", "张三丰"),
        (" 张　三 ", "张三"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("买买提 ‧ 吐尔逊", "买买提·吐尔逊"),
        ("买买提・吐尔逊", "买买提·吐尔逊"),
        ("买买提･吐尔逊", "买买提·吐尔逊"),
        ("买买提．吐尔逊", "买买提·吐尔逊"),
        ("买买提.吐尔逊", "买买提·吐尔逊"),
        ("张\u202e三\u200b", "张三"),
        ("𠅤𬸚", "𠅤𬸚"),
        ("𱁬小明", "𱁬小明"),
        ("李〇", "李〇"),
        ("⼈杰", "人杰"),
        ("葛\U000e0100明", "葛明"),
        ("Ａｎｎａ  Smith", "Anna Smith"),
        ("José O'Neil-García", "José O'Neil-García"),
        ("安娜 Smith", "安娜Smith"),
        ("John A. Smith", "John A. Smith"),
        ("一" * 40, "一" * 40),
    ],
)
def test_a_name_has_one_form(text: str, name: str) -> None:
    assert clean_name(text) == name


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "没有填写姓名"),
        ("　 ", "没有填写姓名"),
        ("一" * 41, "姓名超过40个字"),
        ("一" * 100000, "姓名超过40个字"),
        ("张3", "姓名里有数字"),
        ("张③", "姓名里有数字"),
        ("张\x00三", "姓名里有看不见的控制字符"),
        ("张\ue863", "姓名里有旧字库的自造字，别的电脑会显示成另一个字"),
        ("张<三>", "姓名里有不能使用的字符“<”"),
        ("=张三", "姓名里有不能使用的字符“=”"),
        ("张😀", "姓名里有不能使用的字符“😀”"),
        ("·张三", "姓名里的间隔号位置不对"),
        ("张··三", "姓名里的间隔号位置不对"),
        ("-张三", "姓名里有不能使用的字符“-”"),
        ("买买提-江", "姓名里有不能使用的字符“-”"),
        ("买买提'江", "姓名里有不能使用的字符“'”"),
        ("张.", "姓名里有不能使用的字符“.”"),
        ("Anna-", "姓名里的间隔号位置不对"),
    ],
)
def test_a_name_that_cannot_be_kept_is_refused_with_its_own_sentence(text: str, what: str) -> None:
    with pytest.raises(Refused) as caught:
        clean_name(text)
    assert caught.value.what == what


@given(st.text(max_size=60))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    try:
        name = clean_name(text)
    except Refused as refused:
        assert refused.what
    else:
        assert clean_name(name) == name
        assert 1 <= len(name) <= 40


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张三丰", "张**"), ("张三", "张*"), ("张", "*"), ("买买提·吐尔逊", "买**·***"), ("Anna Smith", "A*** *****")],
)
def test_a_masked_name_keeps_its_first_character(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    "text",
    [
        "15400001234",
        "+86 154 0000 1234",
        "0086-154-0000-1234",
        "８６１５４００００１２３４",
        " 1540000 1234",
        "154.0000.1234",
    ],
)
def test_a_phone_has_one_form(text: str) -> None:
    assert clean_phone(text) == "15400001234"


@pytest.mark.parametrize(
    "text", ["", "1540000123", "154000012345", "12400001234", "0371-69691878", "1540000123a", "٠" * 11]
)
def test_what_is_not_a_mobile_number_is_refused(text: str) -> None:
    with pytest.raises(Refused) as caught:
        clean_phone(text)
    assert caught.value.what == "手机号码不对"


def test_a_masked_phone_keeps_three_and_four() -> None:
    assert (mask_phone("15400001234"), mask_phone("12345")) == ("154****1234", "*****")
