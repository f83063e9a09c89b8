"""Proving and writing one break-down of a target; what loading a table and editing in place share. (G1)"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yangguang.actions.kernel import keep
from yangguang.actions.spelling import spell
from yangguang.models import Target, Unit
from yangguang.queries.targets import number_of, rows_of
from yangguang.rules.lines import Line
from yangguang.rules.refusals import BadRows, Refused
from yangguang.rules.targets import TargetRow, check_sum
from yangguang.rules.unit_names import COLLECTIVE_ROWS, nearest
from yangguang.rules.windows import say_instant


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a break-down did, or would do.

    Args:
        total: sum of its rows in persons. added, changed, removed: rows against the earlier version.
        reopened: units whose own break-down no longer adds up and was withdrawn.
    """

    rows: int
    total: int
    added: int
    changed: int
    removed: int
    reopened: tuple[str, ...]
    checked_only: bool


def break_down(
    parent: Unit,
    year: int,
    line: Line,
    rows: Sequence[TargetRow],
    *,
    stated: int | None,
    source: str,
    digest: str,
    check_only: bool,
) -> Loaded:
    """Prove `rows` and make them the parent's break-down, unless only checking.

    Args:
        stated: the total the table itself states; None when it states none.

    Raises:
        BadRows: an unknown unit with the nearest name, one that bears a number already, or a false sum.
    """
    # One break-down of a parent at a time.
    Unit.objects.select_for_update().get(pk=parent.pk)
    units = _units(parent, year, line, rows)
    above = number_of(parent, year, line)
    total = sum(row.target for row in rows)
    check_sum(parent.name, next((t for t in (above, stated) if t is not None), total), rows)
    if above is not None and stated is not None and stated != above:
        raise Refused(
            f"合计行写的是{stated}人，上级下达给{parent.name}的任务数是{above}人",
            why="各级分解必须与上级下达的任务数一致",
            now="请改正后重新上传，或先请上级调整",
        )
    held = {target.label: target for target in rows_of(parent, year, line)}
    changed = [row for row in rows if row.unit in held and _differs(held[row.unit], row)]
    gone = [target for label, target in held.items() if label not in {row.unit for row in rows}]
    reopened = _reopened(year, line, rows, units, gone)
    if not check_only:
        _write(parent, year, line, rows, units, held, gone, source, digest)
        Target.objects.filter(year=year, line=line.value, parent__in=reopened).delete()
    added = sum(row.unit not in held for row in rows)
    names = tuple(unit.name for unit in reopened)
    return Loaded(len(rows), total, added, len(changed), len(gone), names, check_only)


def require_new_file(parent: Unit, year: int, line: Line, digest: str) -> None:
    """Refuse the very file whose rows are in force.

    Raises:
        Refused: saying when it was loaded.
    """
    first = Target.objects.filter(parent=parent, year=year, line=line.value, file_digest=digest).first()
    if digest and first is not None:
        at: datetime = first.recorded_at
        raise Refused(
            f"这份文件已经导入过（首次写入{say_instant(at)}），没有重复写入",
            why="文件内容与现行的任务分解表完全相同",
            now="如需调整，请改动后重新上传",
        )


def _units(parent: Unit, year: int, line: Line, rows: Sequence[TargetRow]) -> dict[str, Unit]:
    """Name → unit for every row that is not collective; three queries at most."""
    wanted = [row.unit for row in rows if row.unit not in COLLECTIVE_ROWS]
    below = Unit.objects.filter(path__startswith=parent.path, line__in=("", line.value)).exclude(pk=parent.pk)
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
                where=f"第 {row.no} 行·单位名称",
                now="请按平台上的单位名称填写",
            )
        )
    elsewhere = Target.objects.filter(year=year, line=line.value, unit__in=found.values()).exclude(
        parent=parent
    )
    bearing = {target.unit_id or 0: target for target in elsewhere.select_related("parent")}
    for row in rows:
        other = bearing.get(found[row.unit].pk) if row.unit in found else None
        if other is not None:
            faults.append(
                Refused(
                    f"{row.unit}的任务数已由{other.parent.name}下达（{other.number}人）",
                    where=f"第 {row.no} 行·单位名称",
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


def _differs(target: Target, row: TargetRow) -> bool:
    return (target.number, target.position) != (row.target, row.no)


def _reopened(
    year: int, line: Line, rows: Sequence[TargetRow], units: dict[str, Unit], gone: Sequence[Target]
) -> list[Unit]:
    """Units below whose own break-down does not fit what they now bear: they hand down again."""
    bears = {units[row.unit].pk: row.target for row in rows if row.unit in units}
    for target in gone:
        if target.unit_id is not None:
            bears.setdefault(target.unit_id, -1)
    sums: dict[int, int] = {}
    for parent, number in Target.objects.filter(year=year, line=line.value, parent__in=bears).values_list(
        "parent_id", "number"
    ):
        sums[parent] = sums.get(parent, 0) + number
    broken = sorted(pk for pk, total in sums.items() if total != bears[pk])
    return list(Unit.objects.filter(pk__in=broken).order_by("code"))


def _write(
    parent: Unit,
    year: int,
    line: Line,
    rows: Sequence[TargetRow],
    units: dict[str, Unit],
    held: dict[str, Target],
    gone: Sequence[Target],
    source: str,
    digest: str,
) -> None:
    Target.objects.filter(pk__in=[target.pk for target in gone]).delete()
    fresh: list[Target] = []
    for row in rows:
        target = held.get(row.unit)
        if target is None:
            fresh.append(
                Target(
                    year=year,
                    line=line.value,
                    parent=parent,
                    unit=units.get(row.unit),
                    label=row.unit,
                    position=row.no,
                    number=row.target,
                    source=source,
                    file_digest=digest,
                )
            )
        elif _differs(target, row):
            keep(target, number=row.target, position=row.no, source=source, file_digest=digest)
        elif target.file_digest != digest:
            keep(target, source=source, file_digest=digest)
    Target.objects.bulk_create(fresh)
