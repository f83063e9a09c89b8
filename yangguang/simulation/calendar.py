"""The calendar of the simulated season: the day of 2024 for each step. Every date is 演示, inside the windows."""

from datetime import datetime
from typing import NamedTuple

from yangguang.rules.seasons.windows import SHANGHAI


class RoundDays(NamedTuple):
    """When a supplementary round opens, is computed, and gets its first answers."""

    opens: datetime
    run: datetime
    answers: datetime


def on(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """An instant of 2024 in Beijing time."""
    return datetime(2024, month, day, hour, minute, tzinfo=SHANGHAI)


FOUNDING = on(2, 26)
SPRING_PLANS = on(3, 5)
SPRING_REGISTRATION = on(3, 21)
SPRING_CHECK_IN = on(4, 9)
SPRING_RECORDS = on(5, 8)
PLANS = on(6, 5)
SCORES = on(6, 30)
REGISTRATION = on(7, 2)
TARGETS = on(7, 5, 15)
OPENING = on(7, 12)
CHOICES = on(7, 16)
CHOICES_AGAIN = on(7, 29)
IMPORTED = on(8, 5)
IMPORTED_ANSWERS = on(8, 6)
RUN = on(8, 7)
PUBLICATION = on(8, 12)
ANSWERS = on(8, 13)
SILENCE = on(8, 17)
FIRST_SUPPLEMENT = RoundDays(on(8, 19), on(8, 24), on(8, 25, 10))
CHECK_IN = on(8, 31)
LATE_CHECK_IN = on(9, 6)
ABSENT = on(9, 8)
SECOND_SUPPLEMENT = RoundDays(on(9, 9), on(9, 14), on(9, 15, 10))
DIRECT = on(9, 17)
LAST_CHECK_IN = on(9, 24)
# The report of a month is due on its 15th (city) and 20th (province).
REPORTS = {7: on(7, 14, 17), 8: on(8, 14, 17), 9: on(9, 15, 17), 10: on(10, 14, 17)}
DUPLICATES = on(10, 12)
RECORDS = on(10, 16)
THIRD_SUPPLEMENT = RoundDays(on(10, 26), on(10, 31), on(11, 5, 9))
LIST_ANSWERS = on(11, 5, 10)
LIST_FIRST_RUN = on(11, 5, 18)
LIST_TAKEN = on(11, 6, 10)
LIST_SECOND_RUN = on(11, 7, 9)
# A small round is left between its second computation and the proposal, so that visitors see this state, too.
PENDING = on(11, 7, 10)
PENDING_CHOICES_END = on(11, 7, 16)
PENDING_REVIEW_END = on(11, 7, 18)
PENDING_RUN = on(11, 7, 18, 30)
PENDING_AGAIN = on(11, 7, 20)
SEASON_ENDS = on(11, 11, 0)
# Registration is still open, so that a visitor of the demonstration may try everything.
DISPLAY_DAY = on(11, 8)
