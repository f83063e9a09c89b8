"""Targets (任务数): they add up exactly, never limit or fill a seat, and each form counts in its own scope
(S24-A1.06, S24-A2.07, S23-A1.05, R4.03, R9.03).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate
from typing import NamedTuple, TypeVar

from yangguang.rules.applicants.origins import StudyForm
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType

K = TypeVar("K", ProgrammeType, StudyForm)
NO_RATE = "—"
_MAX_CHANGES = 50  # rows named in one refusal


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One row of a break-down: its printed number, the unit's name, its target in persons.

    Args:
        file_row: its row in the file or on the page, from 1; 0 when it has neither.
        headings: of the unit and of the target in that file or on that page.
    """

    position: int
    unit: str
    target: int
    file_row: int = field(default=0, compare=False)
    headings: tuple[str, str] = field(default=("单位名称", "招生任务（人）"), compare=False)

    @property
    def row_number(self) -> int:
        """The row as sentences name it: that of the file or page, else the printed number."""
        return self.file_row or self.position

    @property
    def where(self) -> str:
        """The cell of the target, for a refusal."""
        return f"第 {self.row_number} 行·{self.headings[1]}"

    @property
    def where_unit(self) -> str:
        """The cell of the unit's name, for a refusal."""
        return f"第 {self.row_number} 行·{self.headings[0]}"


def check_sum(parent: str, parent_total: int, rows: Sequence[TargetRow]) -> None:
    """Require that a break-down adds up to exactly the parent's target.

    Raises:
        BadRows: a negative number, a unit named twice, or a wrong sum, with the difference and the row to look
            at: the one equal to the excess, else the one that exceeds the total, else the last.
    """
    faults = [
        Refused(f"{row.unit}的任务数是负数", where=row.where, now="请填写0或正整数") for row in rows if row.target < 0
    ]
    first: dict[str, TargetRow] = {}
    for row in rows:
        if (other := first.setdefault(row.unit, row)) is not row:
            what = f"{row.unit}在第 {other.row_number} 行已经出现"
            faults.append(Refused(what, where=row.where_unit, now="请删去一行"))
    if faults:
        what = f"{parent}的任务分解表有 {len(faults)} 处错误，没有写入"
        raise BadRows(what, faults, now="请改正后重新上传")
    total = sum(row.target for row in rows)
    if difference := total - parent_total:
        raise BadRows(
            f"{parent}的任务数是 {parent_total}，各行合计 {total}，{_format_difference(difference)}，没有写入",
            [_find_suspect(parent, parent_total, difference, rows)],
            now="请改正后重新上传",
        )


class TotalInForce(BadRows):
    """The rows do not give the total in force, and no new total with a reason was stated."""


def check_total(
    parent: str,
    in_force: int,
    rows: Sequence[TargetRow],
    *,
    earlier: Mapping[str, int],
    stated: int | None = None,
    reason: str = "",
) -> None:
    """Require that a break-down adds up to the total in force, or to a new one that is stated with a reason.

    Args:
        in_force: sum of the parent's rows in force, in persons.
        earlier: unit → persons of these rows, to name the changes.
        stated: the total the table states; None when it states none.
        reason: why the total is replaced, or "".

    Raises:
        TotalInForce: another total than the one in force, with both numbers, the difference and the rows.
        BadRows: as for `check_sum`, against the new total.
    """
    total = sum(row.target for row in rows)
    if stated is not None and (reason or stated != total):
        return check_sum(parent, stated, rows)
    if difference := total - in_force:
        raise TotalInForce(
            f"{parent}现行的任务数是 {in_force}，这次各行合计 {total}，{_format_difference(difference)}，没有写入",
            _list_changes(rows, earlier) or [_find_suspect(parent, in_force, difference, rows)],
            now="请改正后重新保存；如果总数确已调整，请另外写明新的总数和理由",
        )
    return check_sum(parent, in_force, rows)


def _list_changes(rows: Sequence[TargetRow], earlier: Mapping[str, int]) -> list[Refused]:
    """Every row that changes the total: with another number than before, new, or removed."""
    changes = []
    for row in rows:
        if row.unit not in earlier:
            changes.append(Refused(f"“{row.unit}”原来没有，这次为 {row.target} 人", where=row.where))
        elif earlier[row.unit] != row.target:
            what = f"“{row.unit}”原为 {earlier[row.unit]} 人，这次为 {row.target} 人"
            changes.append(Refused(what, where=row.where))
    units = {row.unit for row in rows}
    for unit, persons in earlier.items():
        if unit not in units:
            changes.append(Refused(f"“{unit}”原为 {persons} 人，这次没有了", where="表"))
    return changes[:_MAX_CHANGES]


def _format_difference(difference: int) -> str:
    return f"多 {difference} 人" if difference > 0 else f"少 {-difference} 人"


def _find_suspect(parent: str, total: int, difference: int, rows: Sequence[TargetRow]) -> Refused:
    """The row to check first; which row is wrong cannot be known, so the sentence only states the numbers."""
    if not rows:
        return Refused("表里没有任何一行", where="表", now=f"请填写{parent}各单位的任务数")
    for row in rows:
        if row.target == difference:
            return Refused(
                f"第 {row.row_number} 行（{row.unit}）的任务数正好等于多出的 {difference} 人",
                where=row.where,
                now="请核对这一行是否重复计算",
            )
    for row, running in zip(rows, accumulate(row.target for row in rows), strict=True):
        position = f"第 {row.row_number} 行（{row.unit}）"
        if running > total:
            return Refused(
                f"加到{position}时合计 {running} 已超过 {total}，共{_format_difference(difference)}",
                where=row.where,
                now="请核对这一行和它前面各行",
            )
    return Refused(
        f"加到最后一行{position}时合计 {running}，比 {total} {_format_difference(difference)}",
        where=row.where,
        now="请核对是否漏了单位",
    )


def completion_rate(done: int, target: int | None) -> Decimal | None:
    """Per cent with two decimals, half up; None without a target; 100.00 only when the target is reached."""
    if not target:
        return None
    rate = (Decimal(done) * 100 / target).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Decimal("99.99") if done < target and rate >= 100 else rate


def format_rate(rate: Decimal | None) -> str:
    """98.35 → "98.35%"; no target → "—", never 0 %."""
    return NO_RATE if rate is None else f"{rate}%"


def explain_rate(done: int, target: int | None, scope: str) -> str:
    """How a rate is computed, beside it: both numbers, and the one scope that both have.

    Args:
        done: persons in the scope of the target. scope: whom the target counts, in words.
    """
    if not target:
        return "没有任务数，不计算完成率。"
    return f"完成率＝{done:,}÷任务数{target:,}，两个数都只数任务数口径之内的：{scope}。"


class Cell(NamedTuple):
    """Persons enrolled at one school in one programme type and study form.

    Args:
        persons: counted; quarantined: in an open duplicate case, and therefore not counted.
        path: of the school.
    """

    sector: Sector
    programme_type: ProgrammeType
    study_form: StudyForm
    persons: int
    quarantined: int = 0
    path: str = ""

    @property
    def kind(self) -> tuple[Sector, ProgrammeType, StudyForm]:
        """What a scope asks for."""
        return self.sector, self.programme_type, self.study_form


@dataclass(frozen=True, slots=True)
class Scope:
    """Which persons a number counts; the notices count differently, so each number states its scope.

    Args:
        clause: source and clause of the rule row, printed beside the scope.
        all_types: every programme type of the year, so that a scope with all of them says so.
    """

    sectors: frozenset[Sector]
    programme_types: frozenset[ProgrammeType]
    study_forms: frozenset[StudyForm]
    clause: str = field(default="", compare=False)
    all_types: frozenset[ProgrammeType] = field(default=frozenset(ProgrammeType), compare=False)

    def counts(self, sector: Sector, programme_type: ProgrammeType, study_form: StudyForm) -> bool:
        """Whether the scope includes an admission to such a programme."""
        return sector in self.sectors and programme_type in self.programme_types and study_form in self.study_forms

    def total(self, cells: Iterable[Cell]) -> int:
        """Persons of the cells in this scope."""
        return sum(cell.persons for cell in cells if self.counts(*cell.kind))

    def __str__(self) -> str:
        """教育线：三年制、3+2、五年一贯制；全日制."""
        sectors = "、".join(f"{sector.label}线" for sector in Sector if sector in self.sectors)
        types = _name(self.programme_types, self.all_types, "各种培养类型（含一年制）")
        forms = _name(self.study_forms, frozenset(StudyForm), "全日制和非全日制")
        return f"{sectors}：{types}；{forms}"


def _name(members: frozenset[K], every: frozenset[K], name_of_all: str) -> str:
    if members >= every:
        return name_of_all
    order = list(type(next(iter(members))))
    return "、".join(member.label for member in sorted(members, key=order.index))
