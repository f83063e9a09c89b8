"""The tree of targets: every unit's number beside what it has handed down, and whether the two agree. (F-G1)"""

from dataclasses import dataclass, field
from datetime import datetime

from yangguang.models import AuditEntry, Target, Unit
from yangguang.postgres.sql import fetch_all
from yangguang.rules.organisation.sectors import Sector

_TREE = """
WITH RECURSIVE tree AS (
    SELECT t.id, t.parent_id, t.unit_id, t.label, t.position, t.number, t.version, t.source, 1 AS depth,
           ARRAY[t.position] AS place
    FROM yangguang_target t WHERE t.year = %(year)s AND t.sector = %(sector)s AND t.parent_id = %(root)s
    UNION ALL
    SELECT t.id, t.parent_id, t.unit_id, t.label, t.position, t.number, t.version, t.source, tree.depth + 1,
           tree.place || t.position
    FROM yangguang_target t JOIN tree ON t.parent_id = tree.unit_id
    WHERE t.year = %(year)s AND t.sector = %(sector)s AND tree.depth < 8
)
SELECT tree.*, u.level, u.public_id FROM tree LEFT JOIN yangguang_unit u ON u.id = tree.unit_id ORDER BY place
"""

_TABLES = """
SELECT u.id, u.name, u.public_id::text, u.path, sum(t.number)::bigint
FROM yangguang_target t JOIN yangguang_unit u ON u.id = t.parent_id
WHERE t.year = %(year)s AND t.sector = %(sector)s AND u.path LIKE %(path)s AND u.id <> %(root)s
GROUP BY u.id ORDER BY u.path
"""


@dataclass(frozen=True, slots=True)
class OwnTable:
    """A break-down that hangs on no row from above: its unit, and its sum in persons."""

    name: str
    public_id: str
    total: int


@dataclass(slots=True)
class TargetNode:
    """One row of the tree.

    Args:
        number: persons handed down to this row, or None for the root when nobody decided it.
        level: of the unit, "" for a collective row such as 其他学校.
        children: how the unit broke its number down; empty when it has not.
    """

    label: str
    number: int | None
    level: str = ""
    unit: int | None = None
    public_id: str = ""
    position: int = 0
    version: int = 0
    source: str = ""
    children: list["TargetNode"] = field(default_factory=list)

    @property
    def broken_down(self) -> int | None:
        """Sum of the children, in persons; None when there are none."""
        return sum(child.number or 0 for child in self.children) if self.children else None

    @property
    def difference(self) -> int:
        """Broken down less handed down; 0 when they agree or either is missing."""
        down = self.broken_down
        return 0 if down is None or self.number is None else down - self.number

    @property
    def total(self) -> int | None:
        """What counts for this unit: the number handed down, else the sum of its own break-down."""
        return self.broken_down if self.number is None else self.number


def tree(root: Unit, year: int, sector: Sector = Sector.EDUCATION) -> TargetNode:
    """The break-down below `root`, in printed order; two queries whatever its size."""
    top = TargetNode(root.name, number_of(root, year, sector), str(root.level), root.pk, str(root.public_id))
    nodes = {root.pk: top}
    rows = fetch_all(_TREE, {"year": year, "sector": sector.value, "root": root.pk})
    for _, parent, unit, label, position, number, version, source, _, _, level, public_id in rows:
        node = TargetNode(label, number, level or "", unit, str(public_id or ""), position, version, source)
        nodes[parent].children.append(node)
        if unit is not None:
            nodes.setdefault(unit, node)
    return top


def tables_apart(
    root: Unit, shown: TargetNode, year: int, sector: Sector = Sector.EDUCATION
) -> list[OwnTable]:
    """The break-downs of units below `root` that its tree does not reach; one query.

    A county's is left to its city's page where the city has one that is apart, too.

    Args:
        shown: the tree of `root` in this year and sector.
    """
    reached = set(_units(shown))
    found: list[OwnTable] = []
    paths: list[str] = []
    for unit, name, public_id, path, total in fetch_all(
        _TABLES, {"year": year, "sector": sector.value, "path": f"{root.path}%", "root": root.pk}
    ):
        if unit not in reached and not any(path.startswith(above) for above in paths):
            found.append(OwnTable(name, public_id, total))
            paths.append(path)
    return found


def _units(node: TargetNode) -> list[int]:
    own = [] if node.unit is None else [node.unit]
    return own + [unit for child in node.children for unit in _units(child)]


def number_of(unit: Unit, year: int, sector: Sector = Sector.EDUCATION) -> int | None:
    """What the level above handed down to `unit`, in persons; None when it has not."""
    return (
        Target.objects.filter(unit=unit, year=year, sector=sector.value)
        .values_list("number", flat=True)
        .first()
    )


def rows_of(parent: Unit, year: int, sector: Sector = Sector.EDUCATION) -> list[Target]:
    """The rows `parent` handed down, in printed order: what Form T prints and a new table is compared with."""
    return list(Target.objects.filter(parent=parent, year=year, sector=sector.value).order_by("position"))


def loaded_at(parent: Unit, year: int, digest: str) -> datetime | None:
    """When the file of this digest was last taken in as the parent's break-down; None when it never was."""
    entries = AuditEntry.objects.filter(
        action="target.load", outcome=AuditEntry.Outcome.DONE, subject=f"unit:{parent.public_id}",
        facts__digest=digest, facts__year=year, facts__checked_only=False,
    )  # fmt: skip
    at: datetime | None = entries.order_by("-id").values_list("at", flat=True).first()
    return at
