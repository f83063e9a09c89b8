"""The fourteen roles, described so that an auditor can read them, and what a cell of the rights table means."""

import enum
from dataclasses import dataclass
from functools import cache

from yangguang.rules.accounts.rights import GRANTS, Right


class Role(enum.StrEnum):
    """A role is what a person may be at a unit; the value is the column of the rights table."""

    GUEST = "G"
    STUDENT = "S"
    GUARDIAN = "P"
    JUNIOR_SCHOOL = "J"
    VOCATIONAL_SCHOOL = "V"
    TECHNICIAN_SCHOOL = "T"
    COUNTY_EDUCATION = "CE"
    COUNTY_LABOUR = "CH"
    CITY_EDUCATION = "ME"
    CITY_LABOUR = "MH"
    PROVINCE_EDUCATION = "PE"
    PROVINCE_LABOUR = "PH"
    AUDITOR = "AU"
    OPERATOR = "OP"

    @property
    def label(self) -> str:
        return ROLES[self][0]

    @property
    def describes(self) -> str:
        return ROLES[self][1]

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(role.value, role.label) for role in cls]


ROLES: dict[Role, tuple[str, str]] = {
    Role.GUEST: ("访客", "没有登录的任何人：只看公开信息，可举报，可凭三项信息查询结果。"),
    Role.STUDENT: ("学生", "本人：报名、填报志愿、应答、确认学籍；只见自己的信息。"),
    Role.GUARDIAN: ("监护人", "已关联的监护人：替未成年的孩子办理同意与报名事项。"),
    Role.JUNIOR_SCHOOL: ("初中学校", "维护本校毕业生名册，只看报名人数；看不到、也写不了任何志愿。"),
    Role.VOCATIONAL_SCHOOL: ("中职学校", "编报计划、办理拟录取与报到、维护本校学籍；不能录入报名。"),
    Role.TECHNICIAN_SCHOOL: ("技工院校", "与中职学校相同，属人社主管线。"),
    Role.COUNTY_EDUCATION: ("县（市、区）教育局", "审核县属学校计划与学籍，编制县级月报。"),
    Role.COUNTY_LABOUR: ("县（市、区）人社局", "与县级教育局相同，只管人社线。"),
    Role.CITY_EDUCATION: ("市教育局", "审核全市计划，组织录取，分解任务，封存市级月报。"),
    Role.CITY_LABOUR: ("市人社局", "与市教育局相同，只管人社线。"),
    Role.PROVINCE_EDUCATION: ("省教育厅", "公布名录与开放时间，组织集中录取，上报全国系统。"),
    Role.PROVINCE_LABOUR: ("省人社厅", "与省教育厅相同，只管人社线。"),
    Role.AUDITOR: ("审计员", "只读：日志、证明与脱敏信息；不能改动任何数据。"),
    Role.OPERATOR: ("运维员", "维持系统运行；看不到个人信息，不能改动业务数据。"),
}

BUREAUS = frozenset(
    {
        Role.COUNTY_EDUCATION,
        Role.COUNTY_LABOUR,
        Role.CITY_EDUCATION,
        Role.CITY_LABOUR,
        Role.PROVINCE_EDUCATION,
        Role.PROVINCE_LABOUR,
    }
)
SCHOOLS = frozenset({Role.VOCATIONAL_SCHOOL, Role.TECHNICIAN_SCHOOL})
FAMILY = frozenset({Role.STUDENT, Role.GUARDIAN})


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the rights table: how far (`scope`) and under which conditions (`flags`)."""

    scope: str
    flags: frozenset[str]

    @property
    def windowed(self) -> bool:
        return "w" in self.flags

    @property
    def fresh(self) -> bool:
        return "f" in self.flags

    @property
    def with_reason(self) -> bool:
        return "A" in self.flags

    @property
    def two_people(self) -> bool:
        return "2" in self.flags


@cache
def cell(role: Role, right: Right) -> Cell | None:
    """What `role` may do of `right`; None when it is denied."""
    for part in GRANTS[right][1].split():
        name, _, code = part.partition(":")
        if name == role.value:
            return Cell(code[0], frozenset(code[1:]))
    return None


def label(right: Right) -> str:
    """The right's name in Chinese, as the log and the refusals say it."""
    return GRANTS[right][0]
