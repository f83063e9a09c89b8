"""Proving one break-down of a target before anything is written: units, sums, the total in force. (F-G1)"""

from collections.abc import Sequence
from dataclasses import dataclass

from yangguang.actions.organisation.pinyin import spell
from yangguang.models import Target, Unit
from yangguang.queries.reporting.targets import number_of, rows_of
from yangguang.rules.base.free_text import clean_text
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.organisation.unit_names import COLLECTIVE_ROWS, nearest
from yangguang.rules.reporting.targets import TargetRow, check_sum, check_total


@dataclass(frozen=True, slots=True)
class Asked:
    """A break-down as it is asked for.

    Args:
        stated: the total the table itself states, or the new total of an edit, in persons; None without one.
        reason: why the total in force is replaced, or "".
    """

    parent: Unit
    year: int
    sector: Sector
    rows: Sequence[TargetRow]
    stated: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """What stands, and what the break-down would do to it.

    Args:
        in_force: persons the parent's rows give now; None when it has none.
        held: label → row in force. gone: rows that the new table does not name. changed: those it alters.
        reopened: units whose own break-down no longer adds up.
    """

    units: dict[str, Unit]
    held: dict[str, Target]
    gone: list[Target]
    changed: list[TargetRow]
    reopened: list[Unit]
    total: int
    in_force: int | None

    @property
    def moved(self) -> int:
        """Persons by which the total in force is replaced; 0 for the first table of a year."""
        return 0 if self.in_force is None else self.total - self.in_force


def prove(asked: Asked) -> Proof:
    """Everything that is asked of a break-down; reads only.

    Raises:
        BadRows: an unknown unit with the nearest name, one that bears a number already, a false sum, or
            (`TotalInForce`) another total than the one in force without a new one and its reason.
        Refused: a total other than what the level above handed down, or no row at all.
    """
    parent, rows = asked.parent, asked.rows
    reason = clean_text(asked.reason, where="调整理由")
    if not rows:
        raise Refused(f"{parent.name}的任务分解表没有一行", now="请填写各单位的任务数")
    units = _units(parent, asked.year, asked.sector, rows)
    held = {target.label: target for target in rows_of(parent, asked.year, asked.sector)}
    earlier = {label: target.number for label, target in held.items()}
    in_force, above = sum(earlier.values()) if held else None, number_of(parent, asked.year, asked.sector)
    total = sum(row.target for row in rows)
    if above is not None:
        _under(parent, above, asked)
    elif in_force is not None:
        check_total(parent.name, in_force, rows, earlier=earlier, stated=asked.stated, reason=reason)
    else:
        check_sum(parent.name, total if asked.stated is None else asked.stated, rows)
    named = {row.unit for row in rows}
    gone = [target for label, target in held.items() if label not in named]
    changed = [row for row in rows if row.unit in held and differs(held[row.unit], row)]
    reopened = _reopened(asked.year, asked.sector, rows, units, gone)
    return Proof(units, held, gone, changed, reopened, total, in_force)


def differs(target: Target, row: TargetRow) -> bool:
    return (target.number, target.position) != (row.target, row.position)


def _under(parent: Unit, above: int, asked: Asked) -> None:
    """The level above decided the total; only it can replace it."""
    check_sum(parent.name, above, asked.rows)
    if asked.stated is not None and asked.stated != above:
        raise Refused(
            f"合计行写的是{asked.stated}人，上级下达给{parent.name}的任务数是{above}人",
            why="各级分解必须与上级下达的任务数一致",
            now="请改正后重新上传，或先请上级调整",
        )


def _units(parent: Unit, year: int, sector: Sector, rows: Sequence[TargetRow]) -> dict[str, Unit]:
    """Name → unit for every row that is not collective; three queries at most."""
    wanted = [row.unit for row in rows if row.unit not in COLLECTIVE_ROWS]
    below = Unit.objects.filter(path__startswith=parent.path, sector__in=("", sector.value)).exclude(
        pk=parent.pk
    )
    below = below.exclude(level=Unit.Level.JUNIOR_SCHOOL)
    # Of two units with one name the one nearer to the parent is meant.
    found = {unit.name: unit for unit in sorted(below.filter(name__in=wanted), key=_farther)}
    unknown = [row for row in rows if row.unit in wanted and row.unit not in found]
    faults: list[Refused] = []
    names = dict(below.values_list("name", "pinyin")) if unknown else {}
    for row in unknown:
        near = nearest(row.unit, names, spell(row.unit)[0])
        faults.append(
            Refused(
                f"{parent.name}下面没有“{row.unit}”" + (f"，最接近的是“{near}”" if near else ""),
                where=f"第 {row.row_number} 行·单位名称",
                now="请按平台上的单位名称填写",
            )
        )
    elsewhere = Target.objects.filter(year=year, sector=sector.value, unit__in=found.values()).exclude(
        parent=parent
    )
    bearing = {target.unit_id or 0: target for target in elsewhere.select_related("parent")}
    for row in rows:
        other = bearing.get(found[row.unit].pk) if row.unit in found else None
        if other is not None:
            faults.append(
                Refused(
                    f"{row.unit}的任务数已由{other.parent.name}下达（{other.number}人）",
                    where=f"第 {row.row_number} 行·单位名称",
                    now="一个单位只能计入一处，请删去这一行",
                )
            )
    if faults:
        raise BadRows(
            f"{parent.name}的任务分解表有 {len(faults)} 处错误，没有写入任何数据",
            faults,
            now="请改正后重新上传",
        )
    return found


def _farther(unit: Unit) -> tuple[int, int]:
    return (-unit.path.count("/"), -unit.pk)


def _reopened(
    year: int, sector: Sector, rows: Sequence[TargetRow], units: dict[str, Unit], gone: Sequence[Target]
) -> list[Unit]:
    """Units below whose own break-down does not fit what they now bear: they hand down again."""
    bears = {units[row.unit].pk: row.target for row in rows if row.unit in units}
    for target in gone:
        if target.unit_id is not None:
            bears.setdefault(target.unit_id, -1)
    sums: dict[int, int] = {}
    for parent, number in Target.objects.filter(year=year, sector=sector.value, parent__in=bears).values_list(
        "parent_id", "number"
    ):
        sums[parent] = sums.get(parent, 0) + number
    broken = sorted(pk for pk, total in sums.items() if total != bears[pk])
    return list(Unit.objects.filter(pk__in=broken).order_by("code"))
