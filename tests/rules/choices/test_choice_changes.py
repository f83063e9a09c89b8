"""What changed is said rank by rank, fits into one message, and names no person."""

from datetime import datetime, timedelta

from yangguang.rules.choices.choice_changes import LONGEST, describe_version, list_changes
from yangguang.rules.seasons.windows import SHANGHAI

AT = datetime(2024, 7, 20, 10, 5, tzinfo=SHANGHAI)


def test_each_rank_that_is_not_what_it_was_is_said_and_no_other() -> None:
    assert list_changes(["甲", "乙", "丙"], ["甲", "丁"]) == ["第2志愿由乙改为丁", "删去第3志愿丙"]
    assert list_changes(["甲"], ["甲", "乙"]) == ["新增第2志愿乙"]
    assert list_changes(["甲", "乙"], ["乙", "甲"]) == ["第1志愿由甲改为乙", "第2志愿由乙改为甲"]
    assert list_changes(["甲"], ["甲"]) == []


def test_the_message_says_version_instant_hand_and_what_to_do() -> None:
    text = describe_version(["甲"], ["乙"], number=2, at=AT + timedelta(0), whose="您", by="本人")
    assert text == (
        "【阳光招生】您的志愿有变动（第2版，7月20日10:05，本人）：第1志愿由甲改为乙。"
        "不是您改的，请立即修改，或在复核期内按“不是我改的”。"
    )


def test_the_same_list_again_says_so() -> None:
    assert "内容与上一版相同。" in describe_version(["甲"], ["甲"], number=2, at=AT, whose="您", by="本人")


def test_a_message_is_never_longer_than_the_ledger_takes_and_says_how_many_there_were() -> None:
    before, after = [f"{n}" * 60 for n in "甲乙丙丁戊己"], [f"{n}" * 60 for n in "子丑寅卯辰巳"]
    text = describe_version(before, after, number=2, at=AT, whose="您的孩子王*", by="监护人")

    assert len(text) <= LONGEST
    assert "等共6处" in text
    giant = describe_version(["甲" * 400], ["乙" * 400], number=2, at=AT, whose="您", by="本人")

    assert len(giant) <= LONGEST
    assert "共1处，请登录查看" in giant
