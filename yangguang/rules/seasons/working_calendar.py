"""Working days: weekdays, but for the holidays and worked weekends that are decreed each year. (R6.05, F-N5)

The days of a year are published late in the year before. Until they are loaded no working day of that year is known,
so a term that reaches into it has no end yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

DECEMBER = 12


class YearNotLoaded(Exception):
    """A term reaches into a year whose working days are not known.

    Attributes:
        year: the first such year.
    """

    def __init__(self, year: int) -> None:
        super().__init__(f"{year}年的工作日历还没有公布，期限暂时算不出来")
        self.year = year


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The days that differ from their weekday.

    Args:
        rests: day → whether it is off work (a holiday) or worked (a weekend worked in exchange).
    """

    rests: Mapping[date, bool]

    def is_loaded(self, year: int) -> bool:
        """Whether the days of the year are known. Days of December may belong to the New Year of the next."""
        return any(day.year == year and day.month < DECEMBER for day in self.rests)

    def is_working_day(self, day: date) -> bool:
        """Whether people work on that day.

        Raises:
            YearNotLoaded: its year is not known.
        """
        if not self.is_loaded(day.year):
            raise YearNotLoaded(day.year)
        return not self.rests.get(day, day.weekday() >= 5)

    def find_working_day_after(self, day: date, n: int) -> date:
        """The `n`-th working day after `day`; `day` itself never counts.

        Raises:
            YearNotLoaded: the count reaches into a year that is not known.
            ValueError: `n` is less than 1.
        """
        if n < 1:
            raise ValueError("n is 1 or more")
        while n:
            day += timedelta(days=1)
            n -= self.is_working_day(day)
        return day
