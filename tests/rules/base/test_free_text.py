"""Free text: nothing invisible, and no number that belongs into a sealed field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders.enrolment import id_number
from yangguang.rules.base.free_text import clean_text
from yangguang.rules.base.refusals import Refused


@pytest.mark.parametrize(
    "text", ["", "甲市实验初中", "应为护理2", "第一行\n第二行", "0371-65901234", "2024T00001", "SM3:" + "1" * 64]
)
def test_ordinary_words_stay(text: str) -> None:
    assert clean_text(f"  {text} ") == text


@pytest.mark.parametrize("text", ["甲\u202e乙", "甲\u200b乙", "甲\x00乙", "\ue000"])
def test_what_cannot_be_seen_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="看不见") as refused:
        clean_text(text, where="note")
    assert refused.value.where == "note"


@given(
    st.sampled_from(["", "我的号码是", "请打", "（", "：", " "]),
    st.sampled_from([id_number(7), id_number(8).lower(), "15400000001"]),
    st.sampled_from(["", "。", "谢谢", "）", " "]),
    st.booleans(),
)
def test_a_whole_number_is_refused_in_any_width(before: str, number: str, after: str, wide: bool) -> None:
    typed = "".join(chr(ord(c) + 0xFEE0) for c in number) if wide else number
    with pytest.raises(Refused, match="身份证号或手机号"):
        clean_text(before + typed + after)
