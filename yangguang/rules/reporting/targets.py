"""Targets (任务数): they add up exactly, never touch a seat, and each form counts in its own scope
(S24-A1.06, S24-A2.07, S23-A1.05, R4.03, R9.03).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from yangguang.rules.applicants.origins import StudyForm
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType

NO_RATE = "—"
_COLUMN = "招生任务（人）"
_MOST_NAMED = 50  # rows; beyond this nobody reads on


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One row of a break-down: its number on paper, the unit's name, its target in persons.

    Args:
        sector: where it stands in the file or on the page, from 1; 0 when it came from neither.
    """

    no: int
    unit: str
    target: int
    sector: int = field(default=0, compare=False)

    @property
    def at(self) -> int:
        """The row that sentences name: where the officer looks."""
        return self.sector or self.no


def check_sum(parent: str, parent_total: int, rows: Sequence[TargetRow]) -> None:
    """Let a break-down pass when its rows add up to exactly the parent's target.

    Raises:
        BadRows: a negative number, a unit named twice, or a sum that is off, with the difference and the
            row where it shows: the one equal to the excess, else the one passing the total, else the last.
    """
    faults = [
        Refused(f"{row.unit}的任务数是负数", where=_where(row), now="请填写0或正整数")
        for row in rows
        if row.target < 0
    ]
    first: dict[str, TargetRow] = {}
    for row in rows:
        if (other := first.setdefault(row.unit, row)) is not row:
            faults.append(
                Refused(
                    f"{row.unit}在第 {other.at} 行已经出现",
                    where=f"第 {row.at} 行·单位名称",
                    now="请删去一行",
                )
            )
    if faults:
        raise BadRows(
            f"{parent}的任务分解表有 {len(faults)} 处错误，没有写入", faults, now="请改正后重新上传"
        )
    if difference := sum(row.target for row in rows) - parent_total:
        raise BadRows(
            f"{parent}的任务数是 {parent_total}，各行合计 {parent_total + difference}，"
            f"{_off(difference)}，没有写入",
            [_suspect(parent, parent_total, difference, rows)],
            now="请改正后重新上传",
        )


class TotalInForce(BadRows):
    """The rows do not give the total in force, and nobody said that it is replaced."""


def check_total(
    parent: str,
    in_force: int,
    rows: Sequence[TargetRow],
    *,
    earlier: Mapping[str, int],
    stated: int | None = None,
    reason: str = "",
) -> None:
    """Hold a break-down against the total that is in force, unless a new one is stated with its reason.

    Args:
        in_force: persons the parent's rows give now.
        earlier: unit → persons of these rows, to name what was changed.
        stated: the total the table states; None when it states none.
        reason: why the total is replaced, or "".

    Raises:
        TotalInForce: another total than the one in force, with both numbers, the difference and the rows.
        BadRows: as for `check_sum`, against the new total.
    """
    total = sum(row.target for row in rows)
    if reason and stated is not None:
        return check_sum(parent, stated, rows)
    if stated is not None and stated != total:
        check_sum(parent, stated, rows)
    if difference := total - in_force:
        raise TotalInForce(
            f"{parent}现行的任务数是 {in_force}，这次各行合计 {total}，{_off(difference)}，没有写入",
            _moved(rows, earlier) or [_suspect(parent, in_force, difference, rows)],
            now="请改正后重新保存；如果总数确已调整，请另外写明新的总数和理由",
        )
    return check_sum(parent, in_force, rows)


def _moved(rows: Sequence[TargetRow], earlier: Mapping[str, int]) -> list[Refused]:
    """Every row that changes the total: other than before, new, or gone."""
    says = [
        Refused(
            f"“{row.unit}”原为 {earlier[row.unit]} 人，这次为 {row.target} 人"
            if row.unit in earlier
            else f"“{row.unit}”原来没有，这次为 {row.target} 人",
            where=_where(row),
        )
        for row in rows
        if earlier.get(row.unit) != row.target
    ]
    named = {row.unit for row in rows}
    gone = [
        Refused(f"“{unit}”原为 {persons} 人，这次没有了", where="表")
        for unit, persons in earlier.items()
        if unit not in named
    ]
    return (says + gone)[:_MOST_NAMED]


def _where(row: TargetRow) -> str:
    return f"第 {row.at} 行·{_COLUMN}"


def _off(difference: int) -> str:
    return f"多 {difference} 人" if difference > 0 else f"少 {-difference} 人"


def _suspect(parent: str, total: int, difference: int, rows: Sequence[TargetRow]) -> Refused:
    """The row to look at first; nobody can know which is wrong, so the sentence says only what shows."""
    if not rows:
        return Refused("表里没有任何一行", where="表", now=f"请填写{parent}各单位的任务数")
    for row in rows:
        if row.target == difference:
            return Refused(
                f"第 {row.at} 行（{row.unit}）的任务数正好等于多出的 {difference} 人",
                where=_where(row),
                now="请核对这一行是否重复计算",
            )
    running = 0
    for row in rows:
        running += row.target
        if running > total:
            return Refused(
                f"加到第 {row.at} 行（{row.unit}）时合计 {running} 已超过 {total}，共{_off(difference)}",
                where=_where(row),
                now="请核对这一行和它前面各行",
            )
    return Refused(
        f"加到最后一行第 {row.at} 行（{row.unit}）时合计 {running}，比 {total} {_off(difference)}",
        where=_where(row),
        now="请核对是否漏了单位",
    )


def completion_rate(done: int, target: int | None) -> Decimal | None:
    """Per cent with two decimals, half up; None without a target; 100.00 only when the target is reached."""
    if not target:
        return None
    rate = (Decimal(done) * 100 / target).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Decimal("99.99") if done < target and rate >= 100 else rate


def say_rate(rate: Decimal | None) -> str:
    """98.35 → "98.35%"; no target → "—", never 0 %."""
    return NO_RATE if rate is None else f"{rate}%"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which admissions a number counts. Each names its scope, because the notices count differently."""

    code: str
    title: str
    sectors: frozenset[Sector]
    programme_types: frozenset[ProgrammeType]
    study_forms: frozenset[StudyForm]
    source: str

    def counts(self, sector: Sector, programme_type: ProgrammeType, study_form: StudyForm) -> bool:
        return (
            sector in self.sectors
            and programme_type in self.programme_types
            and study_form in self.study_forms
        )

    def total(self, cells: Iterable[tuple[Sector, ProgrammeType, StudyForm, int]]) -> int:
        """Sum of the cells in this scope; a cell is (sector, programme_type, study form, persons)."""
        return sum(
            n for sector, programme_type, form, n in cells if self.counts(sector, programme_type, form)
        )


_EDUCATION = frozenset({Sector.EDUCATION})
_ALL_FORMS = frozenset(StudyForm)

TARGET_2024 = Scope(
    "target_2024",
    "2024年郑州市任务口径：全日制三年制、3+2、五年一贯制，不含一年制和技工学校",
    _EDUCATION,
    frozenset({ProgrammeType.THREE_YEAR, ProgrammeType.THREE_PLUS_TWO, ProgrammeType.FIVE_YEAR}),
    frozenset({StudyForm.FULL_TIME}),
    "郑教职成函〔2024〕432号 附件1 注（三）",
)

_FORM_C = "郑教职成函〔2024〕432号 附件2"
FORM_C_COLUMNS: dict[str, frozenset[ProgrammeType]] = {
    "中专人数": frozenset(
        {ProgrammeType.THREE_YEAR, ProgrammeType.THREE_PLUS_FOUR, ProgrammeType.AFTER_HIGH_SCHOOL}
    ),
    "3+2人数": frozenset({ProgrammeType.THREE_PLUS_TWO}),
    "五年一贯制人数": frozenset({ProgrammeType.FIVE_YEAR}),
    "一年制人数": frozenset({ProgrammeType.ONE_YEAR}),
}
"""The four columns share out every programme_type once, so the parts are the total. 3+4 and 高中起点 are not
named in the form; they stand under 中专人数 (our decision)."""

FORM_C_2024 = Scope(
    "form_c_2024",
    "2024年郑州市统计表总数口径：中专、3+2、五年一贯制、一年制，不含技工学校",
    _EDUCATION,
    frozenset().union(*FORM_C_COLUMNS.values()),
    _ALL_FORMS,
    f"{_FORM_C} 备注3",
)

_FORM_P = "2023年河南省中等职业学校和技工学校招生工作通知 附件"
FORM_P_COLUMNS: dict[str, frozenset[Sector]] = {
    "中职学校招生数": _EDUCATION,
    "技工学校招生数": frozenset({Sector.LABOUR}),
}

FORM_P_2023 = Scope(
    "form_p_2023",
    "2023年河南省招生情况表总数口径：中职学校与技工学校，各种学制",
    frozenset(Sector),
    frozenset(ProgrammeType),
    _ALL_FORMS,
    f"{_FORM_P} 备注2",
)

RATE_OF_FORM = {FORM_C_2024.code: TARGET_2024, FORM_P_2023.code: FORM_P_2023}
"""What a form's completion rate sets against the target; printed under it where that is not its total."""
