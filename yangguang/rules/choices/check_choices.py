"""What an ordered list of choices must satisfy before it is accepted. (R3.02)"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from yangguang.rules.applicants.origins import OriginRule, StudyForm
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.programme_types import ProgrammeType


class _Fault(NamedTuple):
    """What is wrong with the choice of this rank, what to do now, why, and the clause."""

    rank: int
    what: str
    now: str
    why: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class ChosenProgramme:
    """One choice with the facts about its programme that the rules need.

    Args:
        programme, school: row ids. name: for messages, "某校·某专业".
        in_round: whether the round offers the programme.
        origins: codes of the origins the programme admits; empty: every origin its type and study form allow.
        is_stopped: whether the school may not admit (停止招生).
        filed_until: end (exclusive) of an out-of-province school's filing, None for all other schools.
    """

    programme: int
    name: str
    school: int
    in_round: bool
    programme_type: ProgrammeType
    study_form: StudyForm
    origins: frozenset[str] = frozenset()
    is_stopped: bool = False
    filed_until: datetime | None = None


def check_choices(
    programmes: Sequence[ChosenProgramme],
    max_choices: int,
    max_majors_per_school: int,
    rule: OriginRule,
    at: datetime,
    *,
    clause: str = "",
) -> None:
    """Raise Refused unless the list of choices is allowed.

    Args:
        programmes: in order of choice.
        max_choices, max_majors_per_school: of the round's rule rows, in choices.
        rule: what the applicant's origin may choose.
        at: when the choices were received, by the database's clock.
        clause: clause and source of the round's rule.

    Raises:
        Refused: about the first choice that is not allowed; `where` is "choice-N", counted from 1.
    """
    fault = next(_find_faults(programmes, max_choices, max_majors_per_school, rule, at), None)
    if fault is not None:
        raise Refused(
            fault.what, why=fault.why, now=fault.now, clause=fault.clause or clause, where=f"choice-{fault.rank}"
        )


def _find_faults(
    programmes: Sequence[ChosenProgramme], max_choices: int, max_majors_per_school: int, rule: OriginRule, at: datetime
) -> Iterator[_Fault]:
    """Every fault in the order of the choices."""
    if not programmes:
        yield _Fault(1, "还没有填报任何志愿", "请至少选择一个专业")
    if (excess := len(programmes) - max_choices) > 0:
        what = f"共填了{len(programmes)}个志愿，超过本批次的上限{max_choices}个"
        yield _Fault(max_choices + 1, what, f"请删去{excess}个志愿")
    first: dict[int, int] = {}
    majors: Counter[int] = Counter()
    for rank, chosen in enumerate(programmes, 1):
        name = f"第{rank}志愿“{chosen.name}”"
        if chosen.programme in first:
            earlier = f"{name}与第{first[chosen.programme]}志愿相同"
            yield _Fault(rank, earlier, "请删去其中一个，或改选其他专业")
        first[chosen.programme] = rank
        for what, *rest in _programme_faults(chosen, rule, at):
            yield _Fault(rank, f"{name}{what}", *rest)
        majors[chosen.school] += 1
        if (count := majors[chosen.school]) > max_majors_per_school:
            what = f"{name}是该校的第{count}个专业，超过每校{max_majors_per_school}个的上限"
            yield _Fault(rank, what, "请删去该校的一个专业")


def _programme_faults(chosen: ChosenProgramme, rule: OriginRule, at: datetime) -> Iterator[tuple[str, ...]]:
    """Why this person cannot choose the programme: what, now, and where there is one why and clause."""
    origin = rule.origin
    if not chosen.in_round:
        yield "不在本批次的招生计划中", "请从本批次的专业中选择"
    if chosen.is_stopped:
        yield "的学校已停止招生", "请改选其他学校", "停止招生期间不接受新的志愿"
    if chosen.filed_until is not None and chosen.filed_until <= at:
        yield "的学校跨省招生备案已到期", "请改选其他学校", "备案有效期内才能在本省招生"
    if chosen.origins and origin not in chosen.origins:
        yield f"不招收“{origin.label}”", "请改选招收该类生源的专业，或核对生源类别"
    if not rule.allows(chosen.programme_type, chosen.study_form):
        what = f"是{chosen.programme_type.label}、{chosen.study_form.label}，不能选择"
        yield what, "请改选其他专业，或核对生源类别", f"“{origin.label}”可以选择：{rule}", rule.citation
