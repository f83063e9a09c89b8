"""Pictures: where their shapes stand, and that they carry no styles."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils.safestring import SafeString

from yangguang.rules.seasons.windows import SHANGHAI, WindowStatus
from yangguang.web.kit.charts import (
    Span,
    bar_chart,
    column_chart,
    find_largest_loss,
    find_median,
    list_months,
    month_axis,
    ring_chart,
    seat_chart,
    span_chart,
    step_chart,
)

BEGINS, ENDS = datetime(2024, 7, 1, tzinfo=SHANGHAI), datetime(2024, 12, 1, tzinfo=SHANGHAI)
HALF = BEGINS + (ENDS - BEGINS) / 2


def rectangles(svg: SafeString) -> list[tuple[str, str, str]]:
    """Class, left end and width of each rectangle."""
    return re.findall(r'<rect class="([\w-]+)" x="([\d.]+)%" width="([\d.]+)%"', svg)


def test_a_bar_is_as_long_as_its_share_with_what_was_lost_behind_it() -> None:
    svg = bar_chart(60, 100, lost=80)

    assert rectangles(svg) == [("fill-1", "0.00", "80.00"), ("fill-4", "0.00", "60.00")]


def test_a_limit_stands_on_the_scale_of_the_bar() -> None:
    assert 'x1="78.00%" x2="78.00%"' in bar_chart(73, 100, limit=78)


@pytest.mark.parametrize(("part", "whole"), [(None, 100), (5, None), (5, 0)])
def test_what_is_not_known_is_not_drawn(part: float | None, whole: float | None) -> None:
    assert bar_chart(part, whole) == ""


def test_more_than_the_whole_fills_the_bar_and_goes_no_further() -> None:
    assert rectangles(bar_chart(120, 100)) == [("fill-4", "0.00", "100.00")]


def test_columns_share_the_width_and_the_highest_fills_the_height() -> None:
    svg = column_chart([5, 10], 8)

    assert re.findall(r'x="([\d.]+)%" width="40.00%" y="([\d.]+)%" height="([\d.]+)%"', svg) == [
        ("5.00", "50.00", "50.00"),
        ("55.00", "0.00", "100.00"),
    ]
    assert 'y1="20.00%" y2="20.00%"' in svg


def test_days_with_no_persons_are_drawn_flat() -> None:
    assert 'height="0.00%"' in column_chart([0, 0])


def test_seats_end_where_the_last_was_admitted_and_the_own_place_is_a_dot() -> None:
    inside, outside = seat_chart(40, 12, 45), seat_chart(40, 52, 45)

    assert float(re.findall(r'cx="([\d.]+)%"', inside)[0]) < float(rectangles(inside)[1][2])
    assert float(re.findall(r'cx="([\d.]+)%"', outside)[0]) > float(rectangles(outside)[1][2])
    assert "circle" not in seat_chart(40, None, 45)


@pytest.mark.parametrize(
    ("done", "total", "text", "look"),
    [(28, 40, "70%", "is-share"), (40, 40, "100%", "is-full"), (0, 0, "—", "is-share")],
)
def test_a_ring_shows_its_per_cent(done: int, total: int, text: str, look: str) -> None:
    svg = ring_chart(done, total)

    assert f">{text}</text>" in svg
    assert f'class="{look}"' in svg


def test_a_loss_of_a_waterfall_is_grey_and_a_sum_stands_on_the_axis() -> None:
    assert rectangles(step_chart(100, 82, 100)) == [("fill-loss", "82.00", "18.00")]
    assert rectangles(step_chart(0, 82, 100, is_sum=True)) == [("fill-5", "0.00", "82.00")]


def test_windows_lie_along_the_year_and_now_is_a_line() -> None:
    spans = [
        Span("开着", BEGINS, HALF, WindowStatus.OPEN),
        Span("将开", HALF, None, WindowStatus.BEFORE),
        Span("过去", BEGINS, BEGINS + timedelta(days=1), WindowStatus.AFTER),
    ]
    svg = span_chart(spans, BEGINS, ENDS, HALF)

    assert [row[0] for row in rectangles(svg)] == ["fill-5", "outline", "fill-2"]
    assert rectangles(svg)[:2] == [("fill-5", "0.00", "50.00"), ("outline", "50.00", "50.00")]
    assert 'x1="50.00%"' in svg
    assert "<title>开着</title>" in svg


def test_months_begin_at_midnight_in_beijing() -> None:
    months = list_months(datetime(2024, 11, 20, tzinfo=SHANGHAI), datetime(2025, 2, 1, tzinfo=SHANGHAI))

    assert [(one.year, one.month, one.day, one.hour) for one in months] == [
        (2024, 11, 1, 0),
        (2024, 12, 1, 0),
        (2025, 1, 1, 0),
    ]
    assert re.findall(r">(\d+)月<", month_axis(BEGINS, ENDS)) == ["7", "8", "9", "10", "11"]


def test_the_largest_loss_is_named_and_equal_steps_have_none() -> None:
    assert find_largest_loss([("报名", 100), ("录取", 90), ("报到", 60)]) == ("报到", 30)
    assert find_largest_loss([("报名", 100), ("录取", 100)]) is None
    assert find_largest_loss([]) is None


def test_the_median_leaves_out_what_is_not_known() -> None:
    assert find_median([0.5, None, 0.7, 0.9]) == 0.7
    assert find_median([None]) is None


def test_no_picture_carries_a_style_and_screen_readers_skip_it() -> None:
    pictures = [bar_chart(1, 2), column_chart([1]), seat_chart(1, 1, 1), ring_chart(1, 2), month_axis(BEGINS, ENDS)]

    for svg in pictures:
        assert "style=" not in svg
        assert 'aria-hidden="true"' in svg
