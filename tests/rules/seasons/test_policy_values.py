"""Values of rule rows: what each kind takes, and what it refuses with a sentence."""

from datetime import date

import pytest

from yangguang.rules.base.labels import Labelled
from yangguang.rules.seasons import policy_values as values


class Colour(Labelled):
    RED = "red", "红"
    BLUE = "blue", "蓝"


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (values.whole(1, 18), 14, 14),
        (values.whole(1, 18), 1, 1),
        (values.whole(1, 18), 18, 18),
        (values.flag, False, False),
        (values.one_of(Colour), "red", Colour.RED),
        (values.several(values.whole(1, 12)), [7, 8], (7, 8)),
        (values.several(values.one_of(Colour)), ["blue", "red"], (Colour.BLUE, Colour.RED)),
        (values.text, "高校中专部", "高校中专部"),
        (values.day, "2022-12-31", date(2022, 12, 31)),
        (values.month_day, "11-10", (11, 10)),
    ],
)
def test_a_value_of_its_kind_is_read(read: values.Reader[object], value: object, expected: object) -> None:
    assert read(value) == expected


@pytest.mark.parametrize(
    ("read", "value", "reason"),
    [
        (values.whole(1, 18), "14", "应是整数，不带引号"),
        (values.whole(1, 18), "十四", "应是整数"),
        (values.whole(1, 18), 14.0, "应是整数"),
        (values.whole(1, 18), float("nan"), "应是整数"),
        (values.whole(1, 18), True, "应是整数"),
        (values.whole(1, 18), None, "应是整数"),
        (values.whole(1, 18), 0, "应在1到18之间"),
        (values.whole(1, 18), 19, "应在1到18之间"),
        (values.flag, 1, "应是 true 或 false"),
        (values.flag, "true", "应是 true 或 false"),
        (values.one_of(Colour), "green", "应是red、blue之一"),
        (values.one_of(Colour), ["red"], "应是red、blue之一"),
        (values.several(values.whole(1, 12)), [], "至少有一项"),
        (values.several(values.whole(1, 12)), 7, "至少有一项"),
        (values.several(values.whole(1, 12)), [7, 7], "重复"),
        (values.several(values.whole(1, 12)), [7, 13], "应在1到12之间"),
        (values.text, "  ", "应是一行文字"),
        (values.text, "a\x00b", "应是一行文字"),
        (values.text, "a\ud800b", "应是一行文字"),
        (values.text, "甲\n乙", "应是一行文字"),
        (values.day, "2023-02-30", "应是日期"),
        (values.day, 20230101, "应是日期"),
        (values.month_day, "02-29", "应是月-日"),
        (values.month_day, "13-01", "应是月-日"),
        (values.month_day, "1-1", "应是月-日"),
        (values.month_day, 1110, "应是月-日"),
    ],
)
def test_a_value_of_another_kind_is_refused_with_a_sentence(
    read: values.Reader[object], value: object, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        read(value)
