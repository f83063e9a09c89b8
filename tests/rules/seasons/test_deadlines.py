"""Deadlines: no student is given a day less than was promised."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.rules.seasons.deadlines import answer_deadline, lapses_at, silence_ends
from yangguang.rules.seasons.windows import SHANGHAI, WindowStatus, until, window_status
from yangguang.rules.seasons.working_calendar import WorkingCalendar

INSTANTS = st.datetimes(datetime(2023, 1, 1), datetime(2026, 1, 1), timezones=st.just(SHANGHAI))
BUFFERS = st.integers(0, 14)
DAY = timedelta(days=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2024, 8, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("published", "deadline"),
    [
        (at(1, 9), at(10, 15)),
        (at(7, 15), at(10, 15)),
        (at(7, 15, 1), at(11, 15)),
        (at(9, 9), at(12, 15)),
        (at(9, 16), at(13, 15)),
    ],
)
def test_a_late_offer_has_three_days_at_the_same_clock_time(published: datetime, deadline: datetime) -> None:
    assert answer_deadline(published, general=at(10, 15), buffer_days=3) == deadline


def test_with_a_deadline_at_midnight_an_offer_of_the_morning_has_three_whole_days() -> None:
    assert answer_deadline(at(9, 8), until(date(2024, 8, 10)), 3) == until(date(2024, 8, 12))


@given(INSTANTS, INSTANTS, BUFFERS)
def test_the_buffer_is_never_cut_and_never_grows_by_a_whole_day(
    published: datetime, general: datetime, buffer_days: int
) -> None:
    deadline = answer_deadline(published, general, buffer_days)
    promised = published + buffer_days * DAY

    assert deadline.timetz() == general.timetz()
    assert deadline >= general
    assert deadline >= promised
    assert deadline == general or deadline < promised + DAY


@given(INSTANTS, st.times(), BUFFERS, st.integers(1, 100000))
def test_a_later_publication_never_has_an_earlier_deadline(
    published: datetime, clock: time, buffer_days: int, seconds: int
) -> None:
    general = datetime.combine(date(2024, 8, 10), clock, SHANGHAI)
    later = published + timedelta(seconds=seconds)

    assert answer_deadline(later, general, buffer_days) >= answer_deadline(published, general, buffer_days)


CLOCKS = [
    time(0, 0),
    time(0, 0, 1),
    time(9),
    time(12),
    time(15),
    time(23, 59),
    time(23, 59, 59),
    time(23, 59, 59, 999999),
]


@pytest.mark.parametrize("closing", CLOCKS, ids=str)
@pytest.mark.parametrize("clock", CLOCKS, ids=str)
def test_at_every_clock_time_of_publication_nobody_has_less_and_nobody_a_day_more(closing: time, clock: time) -> None:
    """What broke elsewhere: midnight and the last second of a day. Both ends of a minute, on every day around."""
    general = datetime.combine(date(2024, 8, 10), closing, SHANGHAI)
    for day in range(1, 21):
        published = datetime.combine(date(2024, 8, day), clock, SHANGHAI)
        deadline = answer_deadline(published, general, 3)
        late = published.timetz() > general.timetz()
        own = datetime.combine(published.date() + timedelta(days=3 + late), closing, SHANGHAI)
        assert deadline == max(general, own)
        assert deadline - published >= timedelta(days=3) or deadline == general >= published + timedelta(days=3)
        assert own - published < timedelta(days=4)


@given(INSTANTS, INSTANTS, BUFFERS)
def test_the_last_second_before_a_deadline_counts_and_the_deadline_itself_does_not(
    published: datetime, general: datetime, buffer_days: int
) -> None:
    deadline = answer_deadline(published, general, buffer_days)
    standing_at = [window_status(published, deadline, deadline + step) for step in (-timedelta.resolution, 0 * DAY)]
    if deadline > published:
        assert standing_at == [WindowStatus.OPEN, WindowStatus.AFTER]


@given(INSTANTS, INSTANTS, BUFFERS, st.sampled_from([ZoneInfo("UTC"), ZoneInfo("America/New_York")]))
def test_the_zone_in_which_an_instant_is_written_changes_no_deadline(
    published: datetime, general: datetime, buffer_days: int, zone: ZoneInfo
) -> None:
    elsewhere = answer_deadline(published.astimezone(zone), general.astimezone(zone), buffer_days)
    assert elsewhere == answer_deadline(published, general, buffer_days)


def test_a_negative_buffer_or_a_naive_instant_is_a_mistake() -> None:
    with pytest.raises(ValueError):
        answer_deadline(at(1, 9), at(10, 15), -1)
    with pytest.raises(ValueError):
        answer_deadline(at(1, 9).replace(tzinfo=None), at(10, 15), 1)


def test_a_waiting_list_offer_lapses_by_the_hour() -> None:
    assert lapses_at(at(1, 9, 30), 72) == at(4, 9, 30)


def test_a_school_has_whole_working_days_to_speak() -> None:
    assert silence_ends(at(2, 23, 59), 3, calendar()) == until(date(2024, 8, 7))
    moved = {date(2024, 8, 5): True, date(2024, 8, 4): False}
    assert silence_ends(at(2, 23, 59), 3, calendar(moved)) == until(date(2024, 8, 7))
    assert silence_ends(at(2, 23, 59), 3, calendar({date(2024, 8, 5): True})) == until(date(2024, 8, 8))


def calendar(days: dict[date, bool] | None = None) -> WorkingCalendar:
    """The calendar of 2024 with New Year and these days."""
    return WorkingCalendar({date(2024, 1, 1): True} | (days or {}))
