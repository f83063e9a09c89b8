"""The fourteen roles with their duties, and what a cell of the rights table means. (R1.02, T1.05)"""

import enum
import re
from dataclasses import dataclass
from functools import cache
from typing import Self

from yangguang.rules.accounts.rights import Right

_MARK = re.compile(r"\[([^\]]*)\]")


class Role(enum.StrEnum):
    """What a person may be at a unit: the role's column in the rights table, its Chinese name, its duties.

    In a text of duties every promise is followed by the rights that it stands on: `[plan.draft]` the role has,
    `[-plan.draft]` it lacks, `[=V]` it has the same cells as role V. The marks are not part of `description`.
    """

    label: str
    description: str
    duties: tuple[tuple[str, tuple[str, ...]], ...]
    """Each promise after the colon with its marks; a test holds them against the rights table."""

    def __new__(cls, code: str, label: str = "", text: str = "") -> Self:
        role = str.__new__(cls, code)
        role._value_, role.label, role.description = code, label, _MARK.sub("", text)
        promises = re.split("[，；、。]", text.partition("：")[2].rstrip("。"))
        role.duties = tuple((_MARK.sub("", one), tuple(" ".join(_MARK.findall(one)).split())) for one in promises)
        return role

    GUEST = (
        "G",
        "访客",
        "没有登录的任何人：看公开信息[school_directory.read plan.read_published]、"
        "凭三项信息查询结果[result.lookup_three_facts]。",
    )
    STUDENT = (
        "S",
        "学生",
        "本人，只见自己的信息：报名[application.create]、填报志愿[choice.write]、"
        "应答[admission.accept admission.decline]、确认学籍[record.confirm]。",
    )
    GUARDIAN = (
        "P",
        "监护人",
        "已关联的监护人：替未成年的孩子办理同意[consent.give]与报名事项[application.create application.withdraw]。",
    )
    JUNIOR_SCHOOL = (
        "J",
        "初中学校",
        "毕业生名册还没有页面：看不到志愿[-choice.read]，也写不了志愿[-choice.write]。",
    )
    VOCATIONAL_SCHOOL = (
        "V",
        "中职学校",
        "只见本校的学生：编报计划[plan.draft]、查看录取[admission.propose]、办理报到[check_in.take]、"
        "补充本校学籍[record.complete]；不能录入报名[-application.create -application.assist_entry]。",
    )
    TECHNICIAN_SCHOOL = "T", "技工院校", "属人社主管线：与中职学校相同[=V]。"
    COUNTY_EDUCATION = (
        "CE",
        "县（市、区）教育局",
        "管县属学校：审核计划[plan.approve]、分解任务[task_number.set_children]、裁定查重[duplicate.decide]、"
        "核查志愿异议[choice_dispute.propose]、编制并封存县级月报[monthly_report.fill monthly_report.seal]。",
    )
    COUNTY_LABOUR = (
        "CH",
        "县（市、区）人社局",
        "只管人社线：审核计划[plan.approve]、分解任务[task_number.set_children]、裁定查重[duplicate.decide]、"
        "移交技工学校招生数[monthly_report.hand_over]；不封存月报[-monthly_report.seal]。",
    )
    CITY_EDUCATION = (
        "ME",
        "市教育局",
        "管全市：审核计划[plan.approve]、导入中招成绩[exam_result.load]、"
        "组织和公布录取[admission.central_run admission.publish]、分解任务[task_number.set_children]、"
        "编制并封存市级月报[monthly_report.fill monthly_report.seal]。",
    )
    CITY_LABOUR = (
        "MH",
        "市人社局",
        "只管人社线：审核计划[plan.approve]、组织和公布录取[admission.central_run admission.publish]、"
        "分解任务[task_number.set_children]、移交技工学校招生数[monthly_report.hand_over]、"
        "编制并封存市级月报[monthly_report.fill monthly_report.seal]；不导入中招成绩[-exam_result.load]。",
    )
    PROVINCE_EDUCATION = (
        "PE",
        "省教育厅",
        "管全省：公布名录[school_directory.change]、设定开放时间[round_window.set]、"
        "组织和公布集中录取[admission.central_run admission.publish]、导入中招成绩[exam_result.load]、"
        "批准处理措施[sanction.approve]、封存省级月报[monthly_report.seal]。",
    )
    PROVINCE_LABOUR = (
        "PH",
        "省人社厅",
        "只管人社线：公布名录[school_directory.change]、设定开放时间[round_window.set]、"
        "组织和公布集中录取[admission.central_run admission.publish]、批准处理措施[sanction.approve]；"
        "不导入中招成绩[-exam_result.load]。",
    )
    AUDITOR = (
        "AU",
        "审计员",
        "只读：看日志[audit_log.read]、证明[run_report.read_verifier]与系统状态[health.read_internal]；"
        "不能改动业务数据[-plan.draft -plan.approve -choice.write -admission.central_run -sanction.propose "
        "-record.complete]。",
    )
    OPERATOR = (
        "OP",
        "运维员",
        "每次装入都有记录：维持系统运行[health.read_internal]、用命令装入名录与规则[directory.seed]、"
        "任务表[target.load_table]、放假调休安排[calendar.load]；"
        "看不到个人信息[-application.read -choice.read -record.read -contact.unmask_one]。",
    )

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
