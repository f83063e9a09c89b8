"""Why a row of the exam board's file is not carried out: one sentence, without anything personal. (F-D12)"""

from collections.abc import Sequence
from dataclasses import dataclass

from yangguang.models import Application
from yangguang.rules.applicants import application_states
from yangguang.rules.applicants.origins import Origin
from yangguang.rules.base.folding import fold_label
from yangguang.rules.plans.programme_types import ProgrammeType

_MOST_LISTED = 3  # rows or codes in one sentence
OTHER_NAME = "姓名与报名信息不一致"
"""The only conflict that officers may resolve: the identity number agrees, the name is spelled differently."""


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """The stored data of the person behind an identity number.

    Args:
        total: total score.
        admitted, dismissed: by an earlier file of the round, or by two officers' decision.
    """

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
class OfferedProgramme:
    """A programme of the round (row id), with the quota (row id) it admits to and the free seats of that quota.

    Args:
        areas: names of the areas the school lies in, the smallest first.
    """

    id: int
    programme_type: ProgrammeType
    partner: str
    quota: int
    free: int
    areas: tuple[str, ...] = ()
    school_code: str = ""


@dataclass(frozen=True, slots=True)
class Requirements:
    """Origins that may be admitted, and the score floor of the programme's type with its clause."""

    origins: Sequence[str] = ()
    score_floor: int | None = None
    clause: str = ""


def find_conflict(
    name: str,
    known: KnownPerson | None,
    programmes: Sequence[OfferedProgramme],
    rows: Sequence[int],
    requirements: Requirements,
    *,
    has_similar: bool = False,
) -> str:
    """Why a row is not carried out; "" when it can be.

    Args:
        name: as in the file.
        programmes: of the round that the row may mean.
        rows: numbers of all rows of the file with this identity number.
        has_similar: the round has programmes of this school and major, with another type or college.
    """
    if len(rows) > 1:
        listed = f"第{'、'.join(map(str, rows[:_MOST_LISTED]))}行" + ("等" if len(rows) > _MOST_LISTED else "")
        return f"同一证件号码在文件中出现{len(rows)}次（{listed}）"
    if known is None or known.application is None:
        return "没有这个证件号码的报名"
    return (
        _check_person(name, known)
        or _check_programme(programmes, has_similar=has_similar)
        or _check_requirements(known, requirements)
    )


def _check_person(name: str, known: KnownPerson) -> str:
    conflicts = (
        (fold_label(name) != fold_label(known.name), OTHER_NAME),
        (known.admitted, "该生的结果已经导入过"),
        (known.dismissed, "该生的结果此前已由两人决定不办理"),
        (known.state == application_states.WITHDRAWN, "该生已撤回报名"),
        (known.track != Application.Track.EXAM_BOARD, "该生报名时没有选择考试机构录取"),
        (known.in_case, "该生的身份信息正在核查"),
        (known.holds_seat, "该生本年度已占用一个名额"),
    )
    return next((sentence for applies, sentence in conflicts if applies), "")


def _check_programme(programmes: Sequence[OfferedProgramme], *, has_similar: bool) -> str:
    if len(programmes) == 1:
        return ""
    if codes := sorted({one.school_code for one in programmes}):
        if len(codes) > 1:
            return f"有{len(codes)}所学校同名（代码{'、'.join(codes[:_MOST_LISTED])}），请在文件中写明学校代码"
        return "学校和专业对应多个计划行，请在文件中写明培养类型或录取院校"
    if has_similar:
        return "这个学校和专业有计划行，但学校代码、培养类型或录取院校与计划不符"
    return "本批次没有这个学校、专业和录取院校的计划行"


def _check_requirements(known: KnownPerson, requirements: Requirements) -> str:
    if known.origin not in requirements.origins:
        label = Origin(known.origin).label if known.origin else "未填"
        return f"生源类别“{label}”不在招收范围"
    floor = requirements.score_floor
    if floor is None:
        return ""
    if known.total is None:
        return "没有该生的成绩"
    if known.total < floor:
        return f"总分{known.total}低于最低控制分数{floor}（{requirements.clause}）"
    return ""
