"""The code of a text message, as people paste it."""

import pytest

from yangguang.rules.base.numbers import clean_code

MESSAGE = "【阳光招生】验证码596265，用于“接受录取”，5分钟内有效。不是您本人操作请勿告诉任何人。"


@pytest.mark.parametrize(
    "text",
    [
        "596265",
        "596 265",
        "5 9 6 2 6 5",
        "５９６-２６５",
        MESSAGE,
        "某某平台" * 20 + MESSAGE,
        "2024年11月8日 15:04 106575000000 " + MESSAGE.replace("596265", "５９６２６５"),
    ],
)
def test_a_code_is_read_out_of_whatever_was_pasted(text: str) -> None:
    assert clean_code(text) == "596265"


@pytest.mark.parametrize(
    ("text", "digits"), [("验证码596265，前一个是112233", "596265112233"), ("59626", "59626"), ("无", "")]
)
def test_where_no_single_code_can_be_seen_every_digit_stays(text: str, digits: str) -> None:
    assert clean_code(text) == digits
