"""The fields of a programme, and what a plan must satisfy before the school may submit it.
(S24-2.03, R1.05, R1.07, R4.01)
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any

from yangguang.rules.applicants.origins import Origin, OriginRules, StudyForm
from yangguang.rules.base.folding import fold_label
from yangguang.rules.base.labels import Labelled
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.plans.quotas import Mode, ProgrammeSeats, Quota, Tie, check_quotas
from yangguang.rules.seasons.policy_values import Span


class QuotaKind(Labelled):
    """The kinds of quotas a school may set up within a programme; the value is the quota's code.

    The engine supports 定向, but there is no list yet of who may have such a seat, so a plan with it is refused.
    """

    GENERAL = "general", "普通"
    DEDICATED_CLASS = "dedicated", "专门编班"
    DIRECTED = "directed", "定向"


@dataclass(frozen=True, slots=True)
class QuotaDraft:
    """Seats of one kind as the school enters them; unused seats move to the quota `flows_to`, "" for none."""

    code: QuotaKind
    seats: int
    mode: Mode
    priority: int
    flows_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeFields:
    """The fields of a programme in the brochure: their one declaration, named as in the model `Programme`.

    The draft, the history, the searches, the choice of programmes and the open data read their fields from here.
    docs/add-a-feature.md shows how to add one.

    Args:
        years: length in years; seats: persons; fee: yuan a year, None when not charged by the year.
        origins: who may choose it; empty in a draft means everyone its type and study form allow.
        partner: the college of a joint programme. is_demo: whether the programme is demonstration data.
        aptitude_test_max: most points the school's aptitude test adds to the total here; 0 without a test.
    """

    major: str
    programme_type: ProgrammeType
    study_form: StudyForm
    years: Decimal
    seats: int
    fee: int | None = None
    origins: tuple[Origin, ...] = ()
    partner: str = ""
    note: str = ""
    is_demo: bool = False
    aptitude_test_max: int = 0


PROGRAMME_FIELDS = tuple(field.name for field in fields(ProgrammeFields))
KEY_FIELDS = ("major", "programme_type", "study_form")
"""What identifies a programme within its plan."""
_READERS: dict[str, Callable[[Any], Any]] = {
    "programme_type": ProgrammeType,
    "study_form": StudyForm,
    "origins": lambda codes: tuple(Origin(code) for code in codes),
}


def read_fields(row: object) -> dict[str, Any]:
    """The fields of a stored programme, a model instance or a row of SQL, as `ProgrammeFields` takes them."""
    values = {name: getattr(row, name) for name in PROGRAMME_FIELDS}
    return values | {name: read(values[name]) for name, read in _READERS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeDraft(ProgrammeFields):
    """One programme of a plan as the school enters it.

    Args:
        quotas: shares of the seats; the remaining seats go to the general quota.
    """

    quotas: tuple[QuotaDraft, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.major, self.programme_type.value, self.study_form.value)


@dataclass(frozen=True, slots=True)
class PlanLimits:
    """The limits of one school's plan, from the rule rows and sanctions in force; `…_clause` cites each.

    Args:
        total: most persons over all programmes, or None; per_major: most persons in one major, or None.
        origins: what each origin may choose.
        types: the programme types of the intake year.
        years: shortest and longest length of each programme type, with the clause.
        closed: programme types and study forms the school may not offer, each with its clause.
        aptitude_test_max: most points an aptitude test may add; 0 when no school may hold one.
    """

    origins: OriginRules
    total: int | None = None
    total_clause: str = ""
    per_major: int | None = None
    per_major_clause: str = ""
    types: frozenset[ProgrammeType] = frozenset(ProgrammeType)
    types_clause: str = ""
    closed: Mapping[ProgrammeType | StudyForm, str] = field(default_factory=dict)
    years: Mapping[ProgrammeType, tuple[Span, str]] = field(default_factory=dict)
    aptitude_test_max: int = 0
    aptitude_test_clause: str = ""


def complete_programme(programme: ProgrammeDraft, rules: OriginRules) -> ProgrammeDraft:
    """Name all its origins and add a general quota, filled last, for the seats the other quotas leave."""
    programme = replace(programme, origins=programme.origins or _allowed_origins(programme, rules))
    quotas = programme.quotas
    if any(quota.code is QuotaKind.GENERAL for quota in quotas):
        return programme
    rest = programme.seats - sum(quota.seats for quota in quotas)
    needs_general = not quotas or any(quota.flows_to == QuotaKind.GENERAL for quota in quotas)
    if rest < 0 or (rest == 0 and not needs_general):
        return programme
    last = max((quota.priority for quota in quotas), default=0) + 1
    return replace(programme, quotas=(*quotas, QuotaDraft(QuotaKind.GENERAL, rest, Mode.AT_LEAST, last)))


def check_plan(capacity: int, programmes: Sequence[ProgrammeDraft], limits: PlanLimits) -> None:
    """Raise BadRows unless the plan may be submitted.

    Args:
        capacity: persons the school can admit in this season.
        programmes: each after `complete_programme`.

    Raises:
        BadRows: one Refused for every fault, `where` naming the programme and the column.
    """
    faults = [
        *_capacity_faults(capacity, programmes),
        *_limit_faults(programmes, limits),
        *_duplicate_faults(programmes),
    ]
    for number, programme in enumerate(programmes, 1):
        name = f"第 {number} 行（{programme.major or '未填专业'}）"
        for column, what, now, clause in _programme_faults(programme, limits):
            faults.append(Refused(what, where=f"{name}·{column}", now=now, clause=clause))
        faults += _quota_faults(name, programme)
    if faults:
        raise BadRows(f"招生计划有 {len(faults)} 处错误，没有保存", faults, now="请按提示改正后重新保存")


def _capacity_faults(capacity: int, programmes: Sequence[ProgrammeDraft]) -> Iterator[Refused]:
    if not programmes:
        yield Refused("计划里没有任何一行", where="计划", now="请至少填写一个专业")
    if capacity < 0:
        yield Refused(f"办学容量为{capacity}，不能是负数", where="办学容量", now="请填写正整数")
    total = sum(programme.seats for programme in programmes)
    if total > capacity >= 0:
        what = f"各行计划合计{total}人，超过办学容量{capacity}人，多{total - capacity}人"
        yield Refused(what, where="计划数", now="请调减计划，或先办理容量变更")


def _limit_faults(programmes: Sequence[ProgrammeDraft], limits: PlanLimits) -> Iterator[Refused]:
    majors: Counter[str] = Counter()
    spellings: dict[str, str] = {}
    for programme in programmes:
        majors[spellings.setdefault(fold_label(programme.major), programme.major)] += programme.seats
    total = majors.total()
    if limits.total is not None and total > limits.total:
        what = f"各行计划合计{total}人，超过上限{limits.total}人，多{total - limits.total}人"
        yield Refused(what, where="计划数", now="请调减计划", clause=limits.total_clause)
    for major, seats in majors.items():
        if limits.per_major is not None and seats > limits.per_major:
            what = f"{major}专业计划{seats}人，超过每专业上限{limits.per_major}人"
            yield Refused(what, where=f"{major}·计划数", now="请调减计划", clause=limits.per_major_clause)


def _duplicate_faults(programmes: Sequence[ProgrammeDraft]) -> Iterator[Refused]:
    """Rows of one major, type and form, also where width, blanks and brackets are typed differently."""
    rows: dict[tuple[str, str, str], list[int]] = {}
    for number, one in enumerate(programmes, 1):
        rows.setdefault((fold_label(one.major), *one.key[1:]), []).append(number)
    for (_, programme_type, study_form), numbers in rows.items():
        if len(numbers) > 1:
            majors = "、".join(dict.fromkeys(f"“{programmes[number - 1].major}”" for number in numbers))
            kind = f"{ProgrammeType(programme_type).label}、{StudyForm(study_form).label}"
            what = f"第 {'、'.join(map(str, numbers))} 行是同一个专业：{majors}（{kind}）"
            yield Refused(what, where=f"第 {numbers[-1]} 行·专业", now="请合并为一行；括号的宽窄和空格不算区别")


def _programme_faults(programme: ProgrammeDraft, limits: PlanLimits) -> Iterator[tuple[str, str, str, str]]:
    """Every fault of one programme but those of its quotas: column, what is wrong, what to do now, clause."""
    if not programme.major.strip() or not programme.major.isprintable() or len(programme.major) > 60:
        yield "专业", "专业名称为空、过长或含有不可见字符", "请填写60字以内的专业名称", ""
    if programme.seats <= 0:
        yield "计划数", f"计划数为{programme.seats}", "请填写大于0的整数", ""
    if programme.fee is not None and programme.fee < 0:
        yield "学费", f"学费为{programme.fee}元，不能是负数", "请填写0或正整数", ""
    yield from _type_faults(programme, limits)
    for column, kind in (("培养类型", programme.programme_type), ("办学形式", programme.study_form)):
        if kind in limits.closed:
            yield column, f"本校不能招收{kind.label}学生", "请删去这一行", limits.closed[kind]
    if not 0 <= programme.aptitude_test_max <= limits.aptitude_test_max:
        what = f"自主测试最高加{programme.aptitude_test_max}分，不在0到{limits.aptitude_test_max}分之内"
        now = "请改正最高加分；没有自主测试的填0"
        yield "自主测试加分", what, now, limits.aptitude_test_clause
    yield from _origin_faults(programme, limits.origins)


def _type_faults(programme: ProgrammeDraft, limits: PlanLimits) -> Iterator[tuple[str, str, str, str]]:
    kind = programme.programme_type
    if kind not in limits.types:
        known = "、".join(one.label for one in ProgrammeType if one in limits.types)
        yield "培养类型", f"这一年的招生没有{kind.label}", f"请从{known}中选择", limits.types_clause
        return
    span, clause = limits.years[kind]
    if not span.first <= programme.years <= span.last:
        what = f"{kind.label}的学制为{span}年，填写的是{programme.years}年"
        yield "学制", what, "请改正学制", clause


def _origin_faults(programme: ProgrammeDraft, rules: OriginRules) -> Iterator[tuple[str, str, str, str]]:
    study = f"{programme.study_form.label}{programme.programme_type.label}"
    allowed = _allowed_origins(programme, rules)
    for origin in programme.origins:
        if origin not in allowed:
            what = f"{origin.label}不能就读{study}"
            yield "招收对象", what, "请取消勾选这一类", rules[origin].citation
    if not programme.origins and not allowed:
        yield "办学形式", f"没有哪一类生源可以就读{study}", "请改正培养类型或办学形式", ""


def _quota_faults(name: str, programme: ProgrammeDraft) -> Iterator[Refused]:
    where = f"{name}·名额类别"
    if any(quota.code is QuotaKind.DIRECTED for quota in programme.quotas):
        why = "平台还不能核对谁是定向培养的学生，设了也无人能用"
        yield Refused("定向（订单）名额还没有开放", why=why, now="请把这些名额放入普通名额", where=where)
    quotas = tuple(
        Quota(one.code.value, one.seats, one.mode, one.priority, one.flows_to or None, Tie.ALL_WAIT)
        for one in programme.quotas
    )
    try:
        check_quotas(ProgrammeSeats(0, quotas), name)
    except Refused as fault:
        fault.where = where
        yield fault
        return
    if (excess := sum(quota.seats for quota in quotas) - programme.seats) > 0:
        total = programme.seats + excess
        what = f"{name}各类别名额合计{total}人，超过招生计划{programme.seats}人，多{excess}人"
        yield Refused(what, where=where, now="请调减类别名额，使合计不超过计划")


def _allowed_origins(programme: ProgrammeDraft, rules: OriginRules) -> tuple[Origin, ...]:
    """The origins whose students may follow a programme of this type and study form."""
    return tuple(one for one in Origin if rules[one].allows(programme.programme_type, programme.study_form))
