"""Windows: half-open, Beijing time, a missing end refuses and never crashes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.rules.base.refusals import WindowClosed
from yangguang.rules.seasons.windows import (
    SHANGHAI,
    WindowStatus,
    check_open,
    format_closing,
    format_instant,
    format_span,
    format_spoken,
    format_time_left,
    start_of,
    until,
    window_status,
)

SECOND = timedelta(seconds=1)
OPENS, CLOSES = start_of(date(2023, 3, 20)), until(date(2023, 4, 20))
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(SHANGHAI))
ENDS = st.none() | INSTANTS


def test_until_a_day_means_the_next_midnight_in_beijing() -> None:
    assert until(date(2024, 11, 10)) == datetime(2024, 11, 10, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("opens", "closes", "at", "found"),
    [
        (OPENS, CLOSES, OPENS - SECOND, WindowStatus.BEFORE),
        (OPENS, CLOSES, OPENS, WindowStatus.OPEN),
        (OPENS, CLOSES, CLOSES - SECOND, WindowStatus.OPEN),
        (OPENS, CLOSES, CLOSES, WindowStatus.AFTER),
        (None, CLOSES, CLOSES - SECOND, WindowStatus.UNDATED),
        (None, CLOSES, CLOSES, WindowStatus.AFTER),
        (OPENS, None, OPENS - SECOND, WindowStatus.BEFORE),
        (OPENS, None, OPENS, WindowStatus.UNDATED),
        (None, None, OPENS, WindowStatus.UNDATED),
    ],
)
def test_where_an_instant_lies(
    opens: datetime | None, closes: datetime | None, at: datetime, found: WindowStatus
) -> None:
    assert window_status(opens, closes, at) is found


@given(ENDS, ENDS, INSTANTS)
def test_a_window_is_open_exactly_between_two_known_ends(
    opens: datetime | None, closes: datetime | None, at: datetime
) -> None:
    is_open = opens is not None and closes is not None and opens <= at < closes

    assert (window_status(opens, closes, at) is WindowStatus.OPEN) == is_open
    try:
        check_open("填报志愿", opens, closes, at)
    except WindowClosed as closed:
        assert not is_open
        assert closed.why
    else:
        assert is_open


def test_a_late_try_is_refused_with_the_exact_instants() -> None:
    with pytest.raises(WindowClosed) as caught:
        check_open("填报志愿", OPENS, CLOSES, CLOSES + 75 * SECOND, clause="通知 第五条")
    assert str(caught.value) == (
        "填报志愿已经截止。开放时间为2023年3月20日00:00至2023年4月20日24:00（即4月21日00:00），"
        "收到您的请求是2023年4月21日00:01:15。请在“招生时间”查看还有哪些批次。（依据：通知 第五条）"
    )


def test_an_early_try_and_a_missing_end_each_have_their_sentence() -> None:
    with pytest.raises(WindowClosed) as early:
        check_open("报名", OPENS, CLOSES, OPENS - SECOND)
    with pytest.raises(WindowClosed) as endless:
        check_open("报名", OPENS, None, OPENS)

    assert early.value.what == "报名还没有开始"
    assert endless.value.what == "报名的时间还没有公布完整，现在不能办理"
    assert "至待定" in endless.value.why


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (timedelta(days=2, hours=3, minutes=59), "还剩2天3小时"),
        (timedelta(days=2), "还剩2天"),
        (timedelta(days=2, minutes=5), "还剩2天"),
        (timedelta(hours=3, minutes=20), "还剩3小时20分钟"),
        (timedelta(minutes=5, seconds=59), "还剩5分钟"),
        (timedelta(seconds=59), "还剩不到1分钟"),
        (timedelta(0), "已截止"),
        (timedelta(days=-1), "已截止"),
    ],
)
def test_what_is_left_is_said_in_two_units_and_never_rounded_up(before: timedelta, text: str) -> None:
    assert format_time_left(CLOSES, CLOSES - before) == text


def test_what_is_left_of_a_window_without_an_end_is_not_known() -> None:
    assert format_time_left(None, OPENS) == "截止时间待定"


@pytest.mark.parametrize(
    ("closes", "text"),
    [
        (until(date(2024, 11, 10)), "2024年11月10日24:00（即11月11日00:00）截止"),
        (until(date(2024, 12, 31)), "2024年12月31日24:00（即2025年1月1日00:00）截止"),
        (datetime(2024, 7, 5, 9, 30, tzinfo=UTC), "2024年7月5日17:30截止"),
        (None, "截止时间待定"),
    ],
)
def test_a_closing_midnight_is_said_both_ways(closes: datetime | None, text: str) -> None:
    assert format_closing(closes) == text


def test_an_opening_midnight_is_said_plainly_and_a_missing_date_as_undecided() -> None:
    assert format_instant(OPENS) == "2023年3月20日00:00"
    assert format_span(None, until(date(2024, 11, 10))) == "待定至2024年11月10日24:00（即11月11日00:00）"


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (0, 0, "凌晨0点"),
        (9, 4, "上午9点04分"),
        (12, 0, "中午12点"),
        (13, 0, "下午1点"),
        (18, 30, "晚上6点30分"),
        (23, 59, "晚上11点59分"),
    ],
)
def test_an_instant_is_said_as_families_say_it(hour: int, minute: int, words: str) -> None:
    assert format_spoken(datetime(2024, 11, 8, hour, minute, tzinfo=SHANGHAI)) == f"11月8日（星期五）{words}"


@pytest.mark.parametrize(
    ("closes", "words"),
    [
        (until(date(2024, 11, 10)), "11月10日（星期日）半夜12点前"),
        (datetime(2024, 11, 8, 18, 0, tzinfo=SHANGHAI), "11月8日（星期五）晚上6点前"),
        (None, "待定"),
    ],
)
def test_a_closing_midnight_belongs_to_the_day_that_ends(closes: datetime | None, words: str) -> None:
    assert format_spoken(closes, closing=True) == words
