"""Working days are counted over holidays and worked weekends, and not at all into a year that is not known."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.rules.seasons.deadlines import silence_ends
from yangguang.rules.seasons.windows import SHANGHAI, until
from yangguang.rules.seasons.working_calendar import WorkingCalendar, YearNotLoaded

NATIONAL = {date(2024, 10, day): True for day in range(1, 8)} | {date(2024, 9, 29): False}
NEW_YEARS = {date(year, 1, 1): True for year in range(2000, 2102)}


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2024, 9, 27), 1, date(2024, 9, 29)),
        (date(2024, 9, 30), 1, date(2024, 10, 8)),
        (date(2024, 9, 26), 3, date(2024, 9, 30)),
        (date(2024, 8, 2), 3, date(2024, 8, 7)),
    ],
)
def test_working_days_know_holidays_and_worked_weekends(day: date, n: int, expected: date) -> None:
    assert WorkingCalendar(NATIONAL).find_working_day_after(day, n) == expected


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 40))
def test_n_working_days_later_there_are_n_weekdays_between(day: date, n: int) -> None:
    end = WorkingCalendar(NEW_YEARS).find_working_day_after(day, n)
    between = [day + timedelta(days=i) for i in range(1, (end - day).days + 1)]

    assert sum(d.weekday() < 5 and d not in NEW_YEARS for d in between) == n
    assert end.weekday() < 5


def test_no_day_at_all_is_no_term() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        WorkingCalendar(NATIONAL).find_working_day_after(date(2024, 8, 2), 0)


def test_a_term_into_a_year_that_is_not_loaded_has_no_end_and_gets_it_with_the_calendar() -> None:
    """Asked on the last day of the year: the school would lose New Year's Day."""
    requested_at = datetime(2024, 12, 31, 10, tzinfo=SHANGHAI)
    with pytest.raises(YearNotLoaded, match="2025年的工作日历还没有公布"):
        silence_ends(requested_at, 3, WorkingCalendar(NATIONAL))

    loaded = WorkingCalendar(NATIONAL | {date(2025, 1, 1): True})
    assert silence_ends(requested_at, 3, loaded) == datetime(2025, 1, 7, tzinfo=SHANGHAI)


def test_a_term_that_ends_in_the_old_year_needs_no_calendar_of_the_new() -> None:
    requested_at = datetime(2024, 12, 26, 10, tzinfo=SHANGHAI)

    assert silence_ends(requested_at, 3, WorkingCalendar(NATIONAL)) == until(date(2024, 12, 31))


def test_the_days_of_december_do_not_make_a_year_known() -> None:
    """The decree of a year may begin with the last days of the one before."""
    calendar = WorkingCalendar({date(2024, 12, 28): False, date(2025, 1, 1): True})

    assert [calendar.is_loaded(year) for year in (2024, 2025, 2026)] == [False, True, False]
