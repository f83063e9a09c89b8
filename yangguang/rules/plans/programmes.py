"""What a plan must satisfy before it leaves the school: seats, capacity, limits of new schools, closed programmes.

S24-2.03, R1.05, R1.07, R4.01.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from yangguang.rules.applicants.origins import RULES, Origin, StudyForm, may_choose
from yangguang.rules.base.labels import Labelled
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.plans.quotas import Mode, ProgrammeSeats, Quota, Tie, check_quotas, check_seat_total

YEARS = {
    ProgrammeType.THREE_YEAR: (2, 4),
    ProgrammeType.THREE_PLUS_TWO: (5, 5),
    ProgrammeType.FIVE_YEAR: (5, 5),
    ProgrammeType.THREE_PLUS_FOUR: (7, 7),
    ProgrammeType.ONE_YEAR: (1, 1),
    ProgrammeType.AFTER_HIGH_SCHOOL: (1, 3),
}
"""Shortest and longest length in years; what the names of the programme_types say (ours: 三年制 also covers 2 to 4)."""


class QuotaKind(Labelled):
    """The kinds of seats a school may set up within a programme; the value is the quota's code.

    定向 has its word and its place in the engine, but no list yet of who may take such a seat; a plan with it is
    refused, because seats promised to nobody in particular would be promised to anybody.
    """

    GENERAL = "general", "普通"
    DEDICATED_CLASS = "dedicated", "专门编班"
    DIRECTED = "directed", "定向"


@dataclass(frozen=True, slots=True)
class QuotaDraft:
    """Seats of one kind as the school enters them; left unfilled they flow to `flows_to`, "" keeps them."""

    code: QuotaKind
    seats: int
    mode: Mode
    priority: int
    flows_to: str = ""


@dataclass(frozen=True, slots=True)
class ProgrammeDraft:
    """One programme of a plan as the school enters it.

    Args:
        years: length in years; seats: persons; fee: yuan a year, None when not charged by the year.
        origins: who may choose it; empty means everyone the programme_type and study form allow.
        quotas: shares of the seats; what they leave goes to the general quota.
        aptitude_test_max: most points that the school's aptitude test adds to the total at this programme; 0 without a test.
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
    quotas: tuple[QuotaDraft, ...] = ()
    is_demo: bool = False
    aptitude_test_max: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        """What a programme is within its plan."""
        return (self.major, self.programme_type.value, self.study_form.value)


@dataclass(frozen=True, slots=True)
class PlanLimits:
    """What binds one school's plan, read from the rule rows and the sanctions in force.

    Args:
        total: most persons over all programmes, or None; per_major: most persons in one major, or None.
        open_programmes: False when neither one-year nor part-time programmes may be offered.
        aptitude_test_max: most points an aptitude test may add; 0 when no school may hold one.
        total_cited, per_major_cited, programmes_cited: the clauses behind them.
    """

    total: int | None = None
    per_major: int | None = None
    open_programmes: bool = True
    total_cited: str = ""
    per_major_cited: str = ""
    programmes_cited: str = ""
    aptitude_test_max: int = 0
    aptitude_test_cited: str = ""


def filled_up(programme: ProgrammeDraft) -> ProgrammeDraft:
    """The programme with a general quota for the seats that its other quotas leave; filled last."""
    if any(quota.code is QuotaKind.GENERAL for quota in programme.quotas):
        return programme
    rest = programme.seats - sum(quota.seats for quota in programme.quotas)
    last = max((quota.priority for quota in programme.quotas), default=0) + 1
    if rest < 0 or (rest == 0 and programme.quotas and not _flows(programme)):
        return programme
    general = QuotaDraft(QuotaKind.GENERAL, rest, Mode.AT_LEAST, last)
    return replace(programme, quotas=(*programme.quotas, general))


def _flows(programme: ProgrammeDraft) -> bool:
    return any(quota.flows_to == QuotaKind.GENERAL for quota in programme.quotas)


def check_plan(capacity: int, programmes: Sequence[ProgrammeDraft], limits: PlanLimits) -> None:
    """Let a plan pass that may be sent up; `programmes` are already `filled_up`.

    Args:
        capacity: persons the school can take in this season.

    Raises:
        BadRows: one Refused for every fault, `where` naming the programme and the column.
    """
    faults = [*_plan_faults(capacity, programmes, limits)]
    for at, programme in enumerate(programmes, 1):
        faults += _programme_faults(
            f"第 {at} 行（{programme.major or '未填专业'}）", programme, capacity, limits
        )
    if faults:
        raise BadRows(f"招生计划有 {len(faults)} 处错误，没有保存", faults, now="请按提示改正后重新保存")


def _plan_faults(
    capacity: int, programmes: Sequence[ProgrammeDraft], limits: PlanLimits
) -> Iterator[Refused]:
    if not programmes:
        yield Refused("计划里没有任何一行", where="计划", now="请至少填写一个专业")
    if capacity < 0:
        yield Refused(f"办学容量为{capacity}，不能是负数", where="办学容量", now="请填写正整数")
    total = sum(programme.seats for programme in programmes)
    if total > capacity >= 0:
        yield Refused(
            f"各行计划合计{total}人，超过办学容量{capacity}人，多{total - capacity}人",
            where="计划数",
            now="请调减计划，或先办理容量变更",
        )
    if limits.total is not None and total > limits.total:
        yield Refused(
            f"各行计划合计{total}人，超过上限{limits.total}人，多{total - limits.total}人",
            where="计划数",
            now="请调减计划",
            clause=limits.total_cited,
        )
    if limits.per_major is not None:
        majors: Counter[str] = Counter()
        for programme in programmes:
            majors[programme.major] += programme.seats
        for major, seats in majors.items():
            if seats > limits.per_major:
                yield Refused(
                    f"{major}专业计划{seats}人，超过每专业上限{limits.per_major}人",
                    where=f"{major}·计划数",
                    now="请调减计划",
                    clause=limits.per_major_cited,
                )
    for key, times in Counter(programme.key for programme in programmes).items():
        if times > 1:
            yield Refused(
                f"{key[0]}（{ProgrammeType(key[1]).label}、{StudyForm(key[2]).label}）出现了{times}次",
                where=f"{key[0]}·专业",
                now="请合并为一行",
            )


def _programme_faults(
    name: str, programme: ProgrammeDraft, capacity: int, limits: PlanLimits
) -> Iterator[Refused]:
    if not programme.major.strip() or not programme.major.isprintable() or len(programme.major) > 60:
        yield Refused(
            "专业名称为空、过长或含有不可见字符", where=f"{name}·专业", now="请填写60字以内的专业名称"
        )
    if programme.seats <= 0:
        yield Refused(f"计划数为{programme.seats}", where=f"{name}·计划数", now="请填写大于0的整数")
    if programme.fee is not None and programme.fee < 0:
        yield Refused(f"学费为{programme.fee}元，不能是负数", where=f"{name}·学费", now="请填写0或正整数")
    shortest, longest = YEARS[programme.programme_type]
    if not shortest <= programme.years <= longest:
        asks = f"{shortest}年" if shortest == longest else f"{shortest}至{longest}年"
        yield Refused(
            f"{programme.programme_type.label}的学制为{asks}，填写的是{programme.years}年",
            where=f"{name}·学制",
            now="请改正学制",
        )
    one_year, part_time = (
        programme.programme_type is ProgrammeType.ONE_YEAR,
        programme.study_form is StudyForm.PART_TIME,
    )
    if (one_year or part_time) and not limits.open_programmes:
        yield Refused(
            f"本校不能招收{'一年制' if one_year else '非全日制'}学生",
            where=f"{name}·{'培养类型' if one_year else '办学形式'}",
            now="请删去这一行",
            clause=limits.programmes_cited,
        )
    if not 0 <= programme.aptitude_test_max <= limits.aptitude_test_max:
        yield Refused(
            f"自主测试最高加{programme.aptitude_test_max}分，不在0到{limits.aptitude_test_max}分之内",
            where=f"{name}·自主测试加分",
            now="请改正最高加分；没有自主测试的填0",
            clause=limits.aptitude_test_cited,
        )
    yield from _origin_faults(name, programme)
    yield from _quota_faults(name, programme, capacity)


def _origin_faults(name: str, programme: ProgrammeDraft) -> Iterator[Refused]:
    for origin in programme.origins:
        if not may_choose(origin, programme.programme_type, programme.study_form):
            yield Refused(
                f"{origin.label}不能就读{programme.study_form.label}{programme.programme_type.label}",
                where=f"{name}·招收对象",
                now="请取消勾选这一类",
                clause=RULES[origin].source,
            )
    if not programme.origins and not any(
        may_choose(o, programme.programme_type, programme.study_form) for o in Origin
    ):
        yield Refused(
            f"没有哪一类生源可以就读{programme.study_form.label}{programme.programme_type.label}",
            where=f"{name}·办学形式",
            now="请改正培养类型或办学形式",
        )


def _quota_faults(name: str, programme: ProgrammeDraft, capacity: int) -> Iterator[Refused]:
    if any(quota.code is QuotaKind.DIRECTED for quota in programme.quotas):
        yield Refused(
            "定向（订单）名额还没有开放",
            why="平台还不能核对谁是定向培养的学生，设了也无人能用",
            now="请把这些名额放入普通名额",
            where=f"{name}·名额类别",
        )
    seats = ProgrammeSeats(
        0,
        tuple(
            Quota(b.code.value, b.seats, b.mode, b.priority, b.flows_to or None, Tie.ALL_WAIT)
            for b in programme.quotas
        ),
    )
    try:
        check_quotas(seats, name)
        check_seat_total(seats, programme.seats, max(capacity, programme.seats), name)
    except Refused as fault:
        fault.where = f"{name}·名额类别"
        yield fault


def allowed_origins(programme: ProgrammeDraft) -> tuple[Origin, ...]:
    """Whom the programme is open to: those named, else everyone its programme_type and study form allow."""
    return programme.origins or tuple(
        o for o in Origin if may_choose(o, programme.programme_type, programme.study_form)
    )
