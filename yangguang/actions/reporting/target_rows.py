"""Write one break-down of a target after it is validated; shared by loading a table and editing in place. (F-G1)"""

from dataclasses import asdict, dataclass

from yangguang.actions.base.action import update_versioned
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.reporting.target_validation import BreakDown, Changes, differs, validate_break_down
from yangguang.models import Target, Unit
from yangguang.queries.reporting.targets import loaded_at
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.windows import format_instant


@dataclass(frozen=True, slots=True)
class BreakDownResult:
    """The result of writing or checking a break-down.

    Args:
        total: sum of its rows in persons. moved: by how much that replaces the total in force.
        added, changed, removed: numbers of rows, compared with the break-down in force.
        reopened: units whose own break-down no longer adds up and was deleted.
    """

    rows: int
    total: int
    moved: int
    added: int
    changed: int
    removed: int
    reopened: tuple[str, ...]
    checked_only: bool


def lock_break_down(parent: Unit) -> None:
    """Until the transaction ends, no other one writes a break-down of this parent."""
    Unit.objects.select_for_update(no_key=True).get(pk=parent.pk)


def write_break_down(
    entry: AuditRecord, break_down: BreakDown, *, source: str, digest: str = "", check_only: bool = False
) -> BreakDownResult:
    """Validate the rows and make them the parent's break-down, unless only checking; adds the counts to the record.

    Raises:
        BadRows, Refused: as `validate_break_down`.
    """
    lock_break_down(break_down.parent)
    changes = validate_break_down(break_down)
    if not check_only:
        _write(break_down, changes, source, digest)
    result = BreakDownResult(
        rows=len(break_down.rows),
        total=break_down.total,
        moved=changes.moved,
        added=sum(row.unit not in changes.in_force for row in break_down.rows),
        changed=len(changes.changed),
        removed=len(changes.removed),
        reopened=tuple(unit.name for unit in changes.reopened),
        checked_only=check_only,
    )
    facts = asdict(result) | {"reopened": len(result.reopened)}
    if moved := facts.pop("moved"):
        facts |= {"difference": moved, "reason": break_down.reason.strip()}
    entry.add_facts(year=break_down.year, digest=digest, **facts)
    return result


def require_new_file(break_down: BreakDown, digest: str) -> None:
    """Raise Refused, with the time of loading, if the rows in force are from this file."""
    parent, year = break_down.parent, break_down.year
    in_force = Target.objects.filter(parent=parent, year=year, sector=break_down.sector.value, file_digest=digest)
    if digest and in_force.exists():
        at = loaded_at(parent, year, digest)
        raise Refused(
            f"这份文件已经导入过{f'（{format_instant(at)}写入）' if at else ''}，没有重复写入",
            why="文件内容与现行的任务分解表完全相同",
            now="如需调整，请改动后重新上传",
        )


def _write(break_down: BreakDown, changes: Changes, source: str, digest: str) -> None:
    key = {"year": break_down.year, "sector": break_down.sector.value}
    file = {"source": source, "file_digest": digest}
    Target.objects.filter(pk__in=[target.pk for target in changes.removed]).delete()
    new: list[Target] = []
    for row in break_down.rows:
        target = changes.in_force.get(row.unit)
        values = {"number": row.target, "position": row.position} | file
        if target is None:
            unit = changes.units.get(row.unit)
            new.append(Target(**key, parent=break_down.parent, unit=unit, label=row.unit, **values))
        elif differs(target, row):
            update_versioned(target, **values)
        elif target.file_digest != digest:
            update_versioned(target, **file)
    Target.objects.bulk_create(new)
    Target.objects.filter(**key, parent__in=changes.reopened).delete()
