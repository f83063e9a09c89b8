"""Registers of other systems that may contain a person, and which of them use up the seat of a year. (R5.07)"""

from yangguang.rules.base.labels import Labelled


class Register(Labelled):
    """名单. A checked-in person who is in one of them is a duplicate case, which an officer decides."""

    HIGH_SCHOOL = "high_school", "普通高中录取名单"
    COMPULSORY = "compulsory", "义务教育在籍名单"
    TECHNICIAN = "technician", "技工院校学籍名单"
    COLLEGE = "college", "高等学校录取名单"


TAKES_A_SEAT = frozenset({Register.HIGH_SCHOOL, Register.TECHNICIAN, Register.COLLEGE})
"""An admission elsewhere is a seat claim of the intake year; 义务教育 only registers children still at school."""
