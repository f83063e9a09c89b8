"""How a programme is built: its years, and where it leads (S24-A1.06, S24-A2.04, R7.03)"""

from yangguang.rules.base.labels import Labelled


class ProgrammeType(Labelled):
    """学制. Of 五年一贯制 and 3+2 the first three years are secondary; 3+2 is one seat, counted once."""

    THREE_YEAR = "three_year", "三年制"
    THREE_PLUS_TWO = "three_plus_two", "3+2"
    FIVE_YEAR = "five_year", "五年一贯制"
    THREE_PLUS_FOUR = "three_plus_four", "3+4"
    ONE_YEAR = "one_year", "一年制"
    AFTER_HIGH_SCHOOL = "after_high_school", "高中起点"


DECIDED_ELSEWHERE = frozenset({ProgrammeType.THREE_PLUS_TWO, ProgrammeType.FIVE_YEAR})
"""Placed by the exam board and carried in as a file; this platform notifies and records. (R3.09)"""
