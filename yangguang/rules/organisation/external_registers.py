"""The outside lists a person may already stand in, and which of them take the seat of a year. (R5.07)"""

from yangguang.rules.base.labels import Labelled


class Register(Labelled):
    """名单. Being in one of them while checked in with us is a duplicate case for a person to decide."""

    HIGH_SCHOOL = "high_school", "普通高中录取名单"
    COMPULSORY = "compulsory", "义务教育在籍名单"
    TECHNICIAN = "technician", "技工院校学籍名单"
    COLLEGE = "college", "高等学校录取名单"


TAKES_A_SEAT = frozenset({Register.HIGH_SCHOOL, Register.TECHNICIAN, Register.COLLEGE})
"""Admissions elsewhere are claims of the intake year; 义务教育 is a register of children still in school."""
