"""The fourteen roles with their duties, and what a cell of the rights table means. (R1.02, T1.05)"""

import enum
from dataclasses import dataclass
from functools import cache
from typing import Self

from yangguang.rules.accounts.rights import Right


class Role(enum.StrEnum):
    """What a person may be at a unit: the role's column in the rights table, its Chinese name, its duties."""

    label: str
    description: str

    def __new__(cls, code: str, label: str = "", description: str = "") -> Self:
        role = str.__new__(cls, code)
        role._value_, role.label, role.description = code, label, description
        return role

    GUEST = "G", "访客", "没有登录的任何人：只看公开信息，可举报，可凭三项信息查询结果。"
    STUDENT = "S", "学生", "本人：报名、填报志愿、应答、确认学籍；只见自己的信息。"
    GUARDIAN = "P", "监护人", "已关联的监护人：替未成年的孩子办理同意与报名事项。"
    JUNIOR_SCHOOL = "J", "初中学校", "维护本校毕业生名册，只看报名人数；看不到、也写不了任何志愿。"
    VOCATIONAL_SCHOOL = "V", "中职学校", "编报计划、办理拟录取与报到、维护本校学籍；不能录入报名。"
    TECHNICIAN_SCHOOL = "T", "技工院校", "与中职学校相同，属人社主管线。"
    COUNTY_EDUCATION = "CE", "县（市、区）教育局", "审核县属学校计划与学籍，编制县级月报。"
    COUNTY_LABOUR = "CH", "县（市、区）人社局", "与县级教育局相同，只管人社线。"
    CITY_EDUCATION = "ME", "市教育局", "审核全市计划，组织录取，分解任务，封存市级月报。"
    CITY_LABOUR = "MH", "市人社局", "与市教育局相同，只管人社线。"
    PROVINCE_EDUCATION = "PE", "省教育厅", "公布名录与开放时间，组织集中录取，上报全国系统。"
    PROVINCE_LABOUR = "PH", "省人社厅", "与省教育厅相同，只管人社线。"
    AUDITOR = "AU", "审计员", "只读：日志、证明与脱敏信息；不能改动任何数据。"
    OPERATOR = "OP", "运维员", "维持系统运行，用命令装入名录、规则、时间和任务表，每次都有记录；看不到个人信息。"

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(role.value, role.label) for role in cls]


FAMILY = frozenset({Role.STUDENT, Role.GUARDIAN})
PUBLIC = FAMILY | {Role.GUEST}
"""Those whose acts concern one student; officers act on many."""
SCHOOLS = frozenset({Role.VOCATIONAL_SCHOOL, Role.TECHNICIAN_SCHOOL})
BUREAUS = frozenset(Role) - FAMILY - SCHOOLS - {Role.GUEST, Role.JUNIOR_SCHOOL, Role.AUDITOR, Role.OPERATOR}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the rights table: how far (`scope`) and under which conditions (`flags`)."""

    scope: str
    flags: frozenset[str]

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
    codes = dict(part.split(":") for part in right.cells.split())
    code = codes.get(role.value)
    return Cell(code[0], frozenset(code[1:])) if code else None
