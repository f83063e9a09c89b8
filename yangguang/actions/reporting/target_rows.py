"""Writing one break-down of a target, once it is proven; what loading a table and editing in place share. (F-G1)"""

from dataclasses import dataclass

from yangguang.actions.base.action import update_versioned
from yangguang.actions.reporting.target_validation import Asked, Proof, differs, prove
from yangguang.models import Target, Unit
from yangguang.queries.reporting.targets import loaded_at
from yangguang.rules.base.refusals import Refused
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.seasons.windows import format_instant


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a break-down did, or would do.

    Args:
        total: sum of its rows in persons. moved: by how much that replaces the total in force.
        added, changed, removed: rows against the earlier version.
        reopened: units whose own break-down no longer adds up and was withdrawn.
    """

    rows: int
    total: int
    moved: int
    added: int
    changed: int
    removed: int
    reopened: tuple[str, ...]
    checked_only: bool


def break_down(asked: Asked, *, source: str, digest: str, check_only: bool) -> Loaded:
    """Prove the rows and make them the parent's break-down, unless only checking.

    Raises:
        BadRows, Refused: see `prove`.
    """
    # One break-down of a parent at a time.
    Unit.objects.select_for_update().get(pk=asked.parent.pk)
    proof = prove(asked)
    if not check_only:
        _write(asked, proof, source, digest)
    added = sum(row.unit not in proof.held for row in asked.rows)
    return Loaded(
        rows=len(asked.rows), total=proof.total, moved=proof.moved, added=added, changed=len(proof.changed),
        removed=len(proof.gone), reopened=tuple(unit.name for unit in proof.reopened), checked_only=check_only,
    )  # fmt: skip


def require_new_file(parent: Unit, year: int, sector: Sector, digest: str) -> None:
    """Refuse the very file whose rows are in force.

    Raises:
        Refused: saying when it was loaded.
    """
    in_force = Target.objects.filter(parent=parent, year=year, sector=sector.value, file_digest=digest)
    if digest and in_force.exists():
        at = loaded_at(parent, year, digest)
        when = f"（{format_instant(at)}写入）" if at else ""
        raise Refused(
            f"这份文件已经导入过{when}，没有重复写入",
            why="文件内容与现行的任务分解表完全相同",
            now="如需调整，请改动后重新上传",
        )


def _write(asked: Asked, proof: Proof, source: str, digest: str) -> None:
    Target.objects.filter(pk__in=[target.pk for target in proof.gone]).delete()
    fresh: list[Target] = []
    for row in asked.rows:
        target = proof.held.get(row.unit)
        if target is None:
            fresh.append(
                Target(
                    year=asked.year,
                    sector=asked.sector.value,
                    parent=asked.parent,
                    unit=proof.units.get(row.unit),
                    label=row.unit,
                    position=row.position,
                    number=row.target,
                    source=source,
                    file_digest=digest,
                )
            )
        elif differs(target, row):
            update_versioned(
                target, number=row.target, position=row.position, source=source, file_digest=digest
            )
        elif target.file_digest != digest:
            update_versioned(target, source=source, file_digest=digest)
    Target.objects.bulk_create(fresh)
    below = Target.objects.filter(year=asked.year, sector=asked.sector.value, parent__in=proof.reopened)
    below.delete()
