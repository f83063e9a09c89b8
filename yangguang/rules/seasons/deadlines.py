"""Deadlines of answers, offers, opinions of schools. (R6.03, R6.04, R6.05)

Results published late in the day must not give families a day less than promised.
"""

from datetime import datetime, timedelta

from yangguang.rules.seasons.windows import SHANGHAI, until
from yangguang.rules.seasons.working_calendar import WorkingCalendar


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


def silence_ends(requested: datetime, working_days: int, calendar: WorkingCalendar) -> datetime:
    """When a school's silence on a withdrawal counts as consent: the end (exclusive) of its last working day.

    Raises:
        YearNotLoaded: the term reaches into a year whose working days are not known.
    """
    return until(calendar.find_working_day_after(_beijing(requested).date(), working_days))


def _beijing(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("instants carry a time zone")
    return at.astimezone(SHANGHAI)
