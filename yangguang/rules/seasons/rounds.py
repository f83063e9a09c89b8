"""Rounds: their kinds, windows and silence rules, and what a list of choices must satisfy. (R3.01, R3.02)"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from yangguang.rules.applicants.origins import RULES, Origin, StudyForm, may_choose
from yangguang.rules.base.labels import Labelled
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.programme_types import ProgrammeType


class RoundKind(Labelled):
    """How a round gives its seats away: one engine, six policies."""

    RANKED = "ranked", "集中录取"
    DIRECT = "direct", "免试注册"
    SUPPLEMENTARY_RANKED = "supplementary_ranked", "补录（按志愿）"
    SUPPLEMENTARY_DIRECT = "supplementary_direct", "补录（注册）"
    IMPORTED = "imported", "考试机构录取"
    TRANSFER = "transfer", "换录"


class Silence(Labelled):
    """What it means when a student does not answer in time."""

    ACCEPT = "accept", "视为接受"
    DECLINE = "decline", "视为放弃"
    HOLD = "hold", "保留至报到结束"


class WindowKind(Labelled):
    """What a window opens."""

    PLAN_ENTRY = "plan_entry", "计划录入"
    BROCHURE_REVIEW = "brochure_review", "简章审核"
    REGISTRATION = "registration", "报名"
    CHOICES = "choices", "志愿填报"
    REVIEW = "review", "志愿复核"
    ADMISSION = "admission", "录取"
    PUBLICATION = "publication", "结果公布"
    ANSWER = "answer", "应答"
    WAITING = "waiting", "候补递补"
    CHECK_IN = "check_in", "报到"
    RECORD_CHECK = "record_check", "学籍核验"
    REPORTING = "reporting", "月报"


RANKING = frozenset({RoundKind.RANKED, RoundKind.SUPPLEMENTARY_RANKED})
"""Rounds with an ordered list of choices and a run; when it was submitted never matters."""

ONLY_WITHOUT_SEAT = frozenset({RoundKind.SUPPLEMENTARY_RANKED, RoundKind.SUPPLEMENTARY_DIRECT})
"""Rounds for persons without a seat, on the seats that are left."""


@dataclass(frozen=True, slots=True)
class ChosenProgramme:
    """One choice with what the rules must know about its programme.

    Args:
        programme: the programme.
        name: how a person calls it: "某校·某专业".
        school: the school; choices of one school are counted together.
        in_round: whether the round offers the programme.
        programme_type, study_form: of the programme.
        origins: whom the programme takes, as codes; empty means whoever its programme_type and form allow.
        stopped_from: since when the school may not admit anyone, or None.
        filed_until: end (exclusive) of an out-of-province school's filing, None for all other schools.
    """

    programme: int
    name: str
    school: int
    in_round: bool
    programme_type: ProgrammeType
    study_form: StudyForm
    origins: frozenset[str] = frozenset()
    stopped_from: datetime | None = None
    filed_until: datetime | None = None


def check_choices(
    programmes: Sequence[ChosenProgramme],
    max_choices: int,
    max_majors_per_school: int,
    origin: Origin,
    at: datetime,
    *,
    clause: str = "",
) -> None:
    """Let an ordered list of choices pass.

    Args:
        programmes: in order of choice.
        max_choices, max_majors_per_school: of the round's rule rows, in choices.
        at: the database's clock at receipt.
        clause: clause and source of the round's rule.

    Raises:
        Refused: about the first choice that is not allowed; `where` is "choice-N", counted from 1.
    """

    def refuse(rank: int, what: str, now: str, why: str = "") -> NoReturn:
        raise Refused(what, why=why, now=now, clause=clause, where=f"choice-{rank}")

    if not programmes:
        refuse(1, "还没有填报任何志愿", "请至少选择一个专业")
    if len(programmes) > max_choices:
        refuse(
            max_choices + 1,
            f"共填了{len(programmes)}个志愿，超过本批次的上限{max_choices}个",
            f"请删去{len(programmes) - max_choices}个志愿",
        )
    first: dict[int, int] = {}
    majors: Counter[int] = Counter()
    for rank, chosen in enumerate(programmes, 1):
        said = f"第{rank}志愿“{chosen.name}”"
        if chosen.programme in first:
            refuse(rank, f"{said}与第{first[chosen.programme]}志愿相同", "请删去其中一个，或改选其他专业")
        first[chosen.programme] = rank
        if not chosen.in_round:
            refuse(rank, f"{said}不在本批次的招生计划中", "请从本批次的专业中选择")
        if chosen.stopped_from is not None and chosen.stopped_from <= at:
            refuse(rank, f"{said}的学校已停止招生", "请改选其他学校", "停止招生期间不接受新的志愿")
        if chosen.filed_until is not None and chosen.filed_until <= at:
            refuse(rank, f"{said}的学校跨省招生备案已到期", "请改选其他学校", "备案有效期内才能在本省招生")
        if chosen.origins and origin not in chosen.origins:
            refuse(rank, f"{said}不招收“{origin.label}”", "请改选招收该类生源的专业，或核对生源类别")
        if not may_choose(origin, chosen.programme_type, chosen.study_form):
            refuse(
                rank,
                f"{said}是{chosen.programme_type.label}、{chosen.study_form.label}，不能选择",
                "请改选其他专业，或核对生源类别",
                f"“{origin.label}”可以选择：{_open_to(origin)}",
            )
        majors[chosen.school] += 1
        if majors[chosen.school] > max_majors_per_school:
            refuse(
                rank,
                f"{said}是该校的第{majors[chosen.school]}个专业，超过每校{max_majors_per_school}个的上限",
                "请删去该校的一个专业",
            )


def _open_to(origin: Origin) -> str:
    rule = RULES[origin]
    programme_types = "、".join(
        programme_type.label for programme_type in ProgrammeType if programme_type in rule.programme_types
    )
    forms = "、".join(form.label for form in StudyForm if form in rule.study_forms)
    return f"{programme_types}；{forms}"
