"""Why one programme of the exam board's file is not carried out: one sentence, without anything personal. (F-D12)"""

from collections.abc import Sequence
from dataclasses import dataclass

from yangguang.models import Application
from yangguang.rules.applicants import application_states
from yangguang.rules.applicants.origins import Origin
from yangguang.rules.base.names import clean_name
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.programme_types import ProgrammeType

OTHER_NAME = "姓名与报名信息不一致"
"""The one conflict that people settle by looking at the papers: the number is right, the name is spelled otherwise."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known here of the person behind an identity number."""

    name: str
    person: int
    application: int | None
    track: str | None
    state: str | None
    origin: str | None
    total: int | None
    holds_seat: bool
    in_case: bool
    admitted: bool
    dismissed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A programme of the round, with the quota it admits to."""

    key: int
    programme_type: ProgrammeType
    partner: str
    quota: int


def conflict_of(
    name: str,
    facts: Facts | None,
    programmes: Sequence[Line],
    rows: Sequence[int],
    rules: tuple[Sequence[str], int | None, str],
    near: bool = False,
) -> str:
    """The reason this programme is not carried out, "" when it is.

    Args:
        name: as in the file.
        programmes: of the round that the programme's school and major may mean.
        rows: all programmes of the file that name this person.
        rules: allowed origins, score floor of the programme's programme_type, its clause.
        near: the round has programmes of this school and major, only not of this programme_type or college.
    """
    if len(rows) > 1:
        return f"同一证件号码在文件中出现{len(rows)}次（第{'、'.join(map(str, rows))}行）"
    if facts is None or facts.application is None:
        return "没有这个证件号码的报名"
    return _person(name, facts) or _programme(programmes, near) or _rule(facts, rules)


def _person(name: str, facts: Facts) -> str:
    if not _same_name(name, facts.name):
        return OTHER_NAME
    if facts.admitted:
        return "该生的结果已经导入过"
    if facts.dismissed:
        return "该生的结果此前已由两人决定不办理"
    if facts.state == application_states.WITHDRAWN:
        return "该生已撤回报名"
    if facts.track != Application.Track.EXAM_BOARD:
        return "该生报名时没有选择考试机构录取"
    if facts.in_case:
        return "该生的身份信息正在核查"
    return "该生本年度已占用一个名额" if facts.holds_seat else ""


def _programme(programmes: Sequence[Line], near: bool) -> str:
    if not programmes and near:
        return "这个学校和专业有计划行，但培养类型或录取院校与计划不符"
    if not programmes:
        return "本批次没有这个学校、专业和录取院校的计划行"
    return "" if len(programmes) == 1 else "学校和专业对应多个计划行，请在文件中写明培养类型或录取院校"


def _rule(facts: Facts, rules: tuple[Sequence[str], int | None, str]) -> str:
    origins, floor, clause = rules
    if facts.origin is None or facts.origin not in origins:
        label = Origin(facts.origin).label if facts.origin else "未填"
        return f"生源类别“{label}”不在招收范围"
    if floor is None:
        return ""
    if facts.total is None:
        return "没有该生的成绩"
    return "" if facts.total >= floor else f"总分{facts.total}低于最低控制分数{floor}（{clause}）"


def _same_name(given: str, known: str) -> bool:
    try:
        return clean_name(given) == known
    except Refused:
        return False
