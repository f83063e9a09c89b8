"""Validate one break-down of a target before anything is written: units, sums, the total in force. (F-G1)"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet, Sum

from yangguang.actions.organisation.pinyin import spell
from yangguang.models import Target, Unit
from yangguang.queries.reporting.targets import number_of, rows_of
from yangguang.rules.base.folding import fold_label
from yangguang.rules.base.free_text import clean_text
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.organisation.unit_names import COLLECTIVE_ROWS, find_nearest
from yangguang.rules.reporting.targets import TargetRow, check_sum, check_total


@dataclass(frozen=True, slots=True)
class BreakDown:
    """A break-down of the target of `parent` over the units below it.

    Args:
        stated: the total in the table itself, or the new total of an edit, in persons; None without one.
        reason: why the total in force is replaced, or "".
    """

    parent: Unit
    year: int
    sector: Sector
    rows: Sequence[TargetRow]
    stated: int | None = None
    reason: str = ""

    @property
    def total(self) -> int:
        """Sum of the rows, in persons."""
        return sum(row.target for row in self.rows)


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes a valid break-down makes.

    Args:
        units: name → unit of its rows. in_force: label → row in force.
        changed: new rows that differ from the one in force. removed: rows in force that the new ones do not name.
        reopened: units whose own break-down no longer adds up.
        moved: persons by which the total in force is replaced; 0 for the first table of a year.
    """

    units: dict[str, Unit]
    in_force: dict[str, Target]
    changed: list[TargetRow]
    removed: list[Target]
    reopened: list[Unit]
    moved: int


def validate_break_down(break_down: BreakDown) -> Changes:
    """Check a break-down; reads only.

    Raises:
        BadRows: an unknown unit with the nearest name, one that has a target already, a wrong sum, or
            (`TotalInForce`) another total than the one in force without a new one and its reason.
        Refused: a total other than the target set for the parent, or no row at all.
    """
    parent, rows = break_down.parent, break_down.rows
    reason = clean_text(break_down.reason, where="调整理由")
    if not rows:
        raise Refused(f"{parent.name}的任务分解表没有一行", now="请填写各单位的任务数")
    units = _find_units(break_down)
    in_force = {target.label: target for target in rows_of(parent, break_down.year, break_down.sector)}
    earlier = {label: target.number for label, target in in_force.items()}
    _check_total(break_down, earlier, reason)
    names = {row.unit for row in rows}
    changed = [row for row in rows if row.unit in in_force and differs(in_force[row.unit], row)]
    removed = [target for label, target in in_force.items() if label not in names]
    reopened = _find_reopened(break_down, units, removed)
    moved = break_down.total - sum(earlier.values()) if earlier else 0
    return Changes(units, in_force, changed, removed, reopened, moved)


def differs(target: Target, row: TargetRow) -> bool:
    """Whether the row changes the target in force."""
    return (target.number, target.position) != (row.target, row.position)


def _check_total(break_down: BreakDown, earlier: dict[str, int], reason: str) -> None:
    """Check the sum against the target set for the parent, else the total in force, else the stated total."""
    parent, rows, stated = break_down.parent.name, break_down.rows, break_down.stated
    above = number_of(break_down.parent, break_down.year, break_down.sector)
    if above is not None:
        check_sum(parent, above, rows)
        if stated not in (None, above):
            raise Refused(
                f"合计行写的是{stated}人，上级下达给{parent}的任务数是{above}人",
                why="各级分解必须与上级下达的任务数一致",
                now="请改正后重新上传，或先请上级调整",
            )
    elif earlier:
        check_total(parent, sum(earlier.values()), rows, earlier=earlier, stated=stated, reason=reason)
    else:
        check_sum(parent, break_down.total if stated is None else stated, rows)


def _find_units(break_down: BreakDown) -> dict[str, Unit]:
    """Name → unit for every row that is not collective; three queries at most."""
    parent, sector = break_down.parent, break_down.sector.value
    rows = [row for row in break_down.rows if row.unit not in COLLECTIVE_ROWS]
    below = _units_below(parent, sector)
    units, ambiguous = _nearest_by_name(below.filter(name__in=[row.unit for row in rows]))
    unknown = [row for row in rows if row.unit not in units]
    names = dict(below.values_list("name", "pinyin")) if unknown else {}
    faults = [
        Refused(
            f"{parent.name}下面有几个“{row.unit}”，分不出是哪一个",
            where=row.where_unit,
            now="请由它们各自的上级分别分解",
        )
        for row in rows
        if row.unit in ambiguous
    ]
    for row in unknown:
        near = find_nearest(row.unit, names, spell(row.unit)[0])
        what = f"{parent.name}下面没有“{row.unit}”" + (f"，最接近的是“{near}”" if near else "")
        faults.append(Refused(what, where=row.where_unit, now="请按平台上的单位名称填写"))
    targets = Target.objects.filter(year=break_down.year, sector=sector, unit__in=units.values())
    elsewhere = {target.unit: target for target in targets.exclude(parent=parent).select_related("parent", "unit")}
    for row in rows:
        if (other := elsewhere.get(units.get(row.unit))) is not None:
            what = f"{row.unit}的任务数已由{other.parent.name}下达（{other.number}人）"
            now = "一个单位只能计入一处，请删去这一行"
            faults.append(Refused(what, where=row.where_unit, now=now))
    if faults:
        what = f"{parent.name}的任务分解表有 {len(faults)} 处错误，没有写入任何数据"
        raise BadRows(what, faults, now="请改正后重新上传")
    return units


def _units_below(parent: Unit, sector: str) -> QuerySet[Unit]:
    below: QuerySet[Unit] = Unit.objects.filter(path__startswith=parent.path, sector__in=("", sector))
    return below.exclude(pk=parent.pk).exclude(level=Unit.Level.JUNIOR_SCHOOL)


def _nearest_by_name(candidates: Iterable[Unit]) -> tuple[dict[str, Unit], set[str]]:
    """Name → the unit nearest to the parent, and the names that several of the nearest units have."""
    units: dict[str, Unit] = {}
    ambiguous: set[str] = set()
    for unit in sorted(candidates, key=lambda unit: (unit.path.count("/"), unit.pk)):
        first = units.setdefault(unit.name, unit)
        if first is not unit and first.path.count("/") == unit.path.count("/"):
            ambiguous.add(unit.name)
    return units, ambiguous


def spell_units(parent: Unit, sector: Sector, rows: Sequence[TargetRow]) -> list[TargetRow]:
    """The rows with each unit in its stored spelling; width, blanks and invisible marks make no difference."""
    names = [*COLLECTIVE_ROWS, *_units_below(parent, sector.value).values_list("name", flat=True)]
    stored = {fold_label(name): name for name in names}
    return [replace(row, unit=stored.get(fold_label(row.unit), row.unit)) for row in rows]


def _find_reopened(break_down: BreakDown, units: dict[str, Unit], removed: Sequence[Target]) -> list[Unit]:
    """Units below whose own break-down does not add up to their new target."""
    targets = {target.unit_id: -1 for target in removed if target.unit_id is not None}
    targets |= {units[row.unit].pk: row.target for row in break_down.rows if row.unit in units}
    rows = Target.objects.filter(year=break_down.year, sector=break_down.sector.value, parent__in=targets)
    sums = rows.order_by("parent").values_list("parent").annotate(total=Sum("number"))
    return list(Unit.objects.filter(pk__in=[pk for pk, total in sums if total != targets[pk]]).order_by("code"))
