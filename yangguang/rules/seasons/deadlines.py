"""Deadlines of answers, offers, opinions of schools. (R6.03, R6.04, R6.05)

Results published late in the day must not give families a day less than promised.
"""

from collections.abc import Container
from datetime import date, datetime, timedelta

from yangguang.rules.seasons.windows import SHANGHAI, until


def answer_deadline(published: datetime, general: datetime, buffer_days: int) -> datetime:
    """The instant (exclusive) by which an admission must be answered.

    The later of the round's general deadline and `buffer_days` after publication at the general deadline's
    clock time in Beijing; when published later in the day than that clock time, one day more. So every
    student has at least `buffer_days` × 24 hours.

    Raises:
        ValueError: for a negative buffer or an instant without a time zone.
    """
    if buffer_days < 0:
        raise ValueError("buffer_days is not negative")
    local, clock = _beijing(published), _beijing(general).timetz()
    days = buffer_days + (local.timetz() > clock)
    return max(_beijing(general), datetime.combine(local.date() + timedelta(days=days), clock))


def lapses_at(offered: datetime, hours: int) -> datetime:
    """When a waiting-list offer lapses: `hours` (a policy rule, 72) after the offer."""
    return _beijing(offered) + timedelta(hours=hours)


def working_days_after(
    day: date, n: int, holidays: Container[date] = (), working_weekends: Container[date] = ()
) -> date:
    """The `n`-th working day after `day`; `day` itself never counts.

    Args:
        n: 1 or more.
        holidays: days off work besides weekends (the State Council's yearly calendar).
        working_weekends: Saturdays and Sundays worked in exchange (调休).
    """
    if n < 1:
        raise ValueError("n is 1 or more")
    while n:
        day += timedelta(days=1)
        rests = day in holidays or (day.weekday() >= 5 and day not in working_weekends)
        n -= not rests
    return day


def silence_ends(
    requested: datetime, working_days: int, holidays: Container[date] = (), working_weekends: Container[date] = ()
) -> datetime:
    """When a school's silence on a withdrawal counts as consent: the end (exclusive) of its last working day."""
    return until(working_days_after(_beijing(requested).date(), working_days, holidays, working_weekends))


def _beijing(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("instants carry a time zone")
    return at.astimezone(SHANGHAI)
