"""The tree of targets: the target of each unit, the sum of those it sets below, and their difference. (F-G1)"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from yangguang.models import AuditEntry, Target, Unit
from yangguang.postgres.sql import Row, fetch_all
from yangguang.rules.organisation.sectors import Sector

_TREE = """
WITH RECURSIVE tree AS (
    SELECT t.*, 1 AS depth, ARRAY[t.position] AS place FROM yangguang_target t
    WHERE t.year = %(year)s AND t.sector = %(sector)s AND t.parent_id = %(root)s
    UNION ALL
    SELECT t.*, tree.depth + 1, tree.place || t.position FROM yangguang_target t JOIN tree ON t.parent_id = tree.unit_id
    WHERE t.year = %(year)s AND t.sector = %(sector)s AND tree.depth < 8
)
SELECT tree.*, u.level, u.public_id, u.code FROM tree LEFT JOIN yangguang_unit u ON u.id = tree.unit_id ORDER BY place
"""

# The target set for the unit; without one, the sum of those the unit sets below.
_TARGETS = """
SELECT u.id AS unit, t.sector,
       coalesce(sum(t.number) FILTER (WHERE t.unit_id = u.id), sum(t.number) FILTER (WHERE t.parent_id = u.id))::int
           AS target
FROM unnest(%(units)s::bigint[]) AS u(id) JOIN yangguang_target AS t ON u.id IN (t.unit_id, t.parent_id)
WHERE t.year = %(year)s GROUP BY u.id, t.sector
"""

_BREAK_DOWNS = """
SELECT u.id, u.name, u.public_id::text, u.path, sum(t.number)::bigint AS total
FROM yangguang_target t JOIN yangguang_unit u ON u.id = t.parent_id
WHERE t.year = %(year)s AND t.sector = %(sector)s AND u.path LIKE %(path)s AND u.id <> %(root)s
GROUP BY u.id ORDER BY u.path
"""


@dataclass(slots=True)
class TargetNode:
    """One row of the tree.

    Args:
        number: the target in persons; None for a root without a target.
        level, unit, public_id, code: of the unit; empty for a collective row such as 其他学校.
        children: the break-down of the unit; empty without one.
    """

    label: str
    number: int | None
    level: str = ""
    unit: int | None = None
    public_id: str = ""
    code: str = ""
    source: str = ""
    children: list["TargetNode"] = field(default_factory=list)

    @property
    def broken_down(self) -> int | None:
        """Sum of the children, in persons; None when there are none."""
        return sum(child.number or 0 for child in self.children) if self.children else None

    @property
    def difference(self) -> int:
        """Sum of the children less the target; 0 when they agree or either is missing."""
        total = self.broken_down
        return 0 if total is None or self.number is None else total - self.number

    @property
    def total(self) -> int | None:
        """The target, else the sum of the break-down."""
        return self.broken_down if self.number is None else self.number

    def with_descendants(self) -> Iterator["TargetNode"]:
        """The node and every node below it, in printed order."""
        yield self
        for child in self.children:
            yield from child.with_descendants()


def target_tree(root: Unit, year: int, sector: Sector = Sector.EDUCATION) -> TargetNode:
    """The break-down below `root`, in printed order; two queries whatever its size."""
    top = TargetNode(root.name, number_of(root, year, sector), str(root.level), root.pk, str(root.public_id), root.code)
    nodes = {root.pk: top}
    for row in fetch_all(_TREE, {"year": year, "sector": sector.value, "root": root.pk}):
        public_id = str(row.public_id or "")
        node = TargetNode(row.label, row.number, row.level or "", row.unit_id, public_id, row.code or "", row.source)
        nodes[row.parent_id].children.append(node)
        if node.unit is not None:
            nodes.setdefault(node.unit, node)
    return top


def separate_break_downs(root: Unit, tree: TargetNode, year: int, sector: Sector) -> list[Row]:
    """The break-downs of units below `root` whose target is not set in its tree; one query.

    The one of a county is omitted where its city has a separate one, whose page lists it.

    Returns:
        rows with the name and public id of the unit, and the total of its break-down in persons.
    """
    in_tree = {node.unit for node in tree.with_descendants()}
    separate: dict[str, Row] = {}
    params = {"year": year, "sector": sector.value, "path": f"{root.path}%", "root": root.pk}
    for row in fetch_all(_BREAK_DOWNS, params):
        if row.id not in in_tree and not row.path.startswith(tuple(separate)):
            separate[row.path] = row
    return list(separate.values())


def targets_of(units: Sequence[int], year: int) -> dict[int, dict[Sector, int]]:
    """任务数 of units (row ids) by sector, in persons; one query. What has no target is not in it."""
    targets: dict[int, dict[Sector, int]] = {}
    for row in fetch_all(_TARGETS, {"units": list(units), "year": year}):
        targets.setdefault(row.unit, {})[Sector(row.sector)] = row.target
    return targets


def number_of(unit: Unit, year: int, sector: Sector = Sector.EDUCATION) -> int | None:
    """The target the level above set for `unit`, in persons; None without one."""
    targets = Target.objects.filter(unit=unit, year=year, sector=sector.value)
    return targets.values_list("number", flat=True).first()


def rows_of(parent: Unit, year: int, sector: Sector = Sector.EDUCATION) -> list[Target]:
    """The break-down of `parent` in force, in printed order."""
    return list(Target.objects.filter(parent=parent, year=year, sector=sector.value).order_by("position"))


def version_of(rows: Sequence[Target]) -> str:
    """The version of a break-down: another one as soon as a row is changed, added or removed; "0" without rows."""
    versions = ",".join(f"{row.pk}:{row.version}" for row in rows)
    return hashlib.sha256(versions.encode()).hexdigest()[:16] if versions else "0"


def loaded_at(parent: Unit, year: int, digest: str) -> datetime | None:
    """When the file of this digest was last loaded as the parent's break-down; None when it never was."""
    entries = AuditEntry.objects.filter(
        action="target.load",
        outcome=AuditEntry.Outcome.DONE,
        subject=f"unit:{parent.public_id}",
        facts__contains={"digest": digest, "year": year, "checked_only": False},
    )
    at: datetime | None = entries.order_by("-id").values_list("at", flat=True).first()
    return at
