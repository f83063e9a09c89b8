"""Persons enrolled against the target, each counted in the scope of the target. (S24-A1.06, R9.03, R9.04, F-G1)"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from yangguang import clock
from yangguang.models import Unit
from yangguang.queries.reporting.enrolment import TargetScopes, count_enrolled
from yangguang.queries.reporting.targets import TargetNode, targets_of
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.reporting.targets import Scope, completion_rate, format_rate


@dataclass(frozen=True, slots=True)
class Completion:
    """One unit: its target (None without one), the persons whom the target counts, and whom it counts."""

    target: int | None
    done: int
    scope: Scope

    @property
    def rate(self) -> Decimal | None:
        """Per cent; None without a target."""
        return completion_rate(self.done, self.target)

    @property
    def rate_text(self) -> str:
        """The rate as printed on forms: "98.35%", or "—"."""
        return format_rate(self.rate)


def completion_of(root: Unit, units: Sequence[Unit], year: int, sector: Sector) -> dict[int, Completion]:
    """The completion of `root` and of some units below it, by row id; the same number as in the forms.

    Raises:
        Refused: a rule row is missing.
    """
    targets, scopes = targets_of([root.pk, *(unit.pk for unit in units)], year), TargetScopes(year)
    cells = count_enrolled(root, year, [clock.now()])[0]
    scopes.learn_areas([unit.path for unit in (root, *units)] + [cell.path for cell in cells])
    return {
        unit.pk: Completion(
            targets.get(unit.pk, {}).get(sector),
            scopes.count(cells, unit, [sector]),
            scopes.scope_of(unit.path, sector),
        )
        for unit in (root, *units)
    }


def count_done(root: Unit, tree: TargetNode, scopes: TargetScopes, sector: Sector) -> dict[int, int]:
    """Persons enrolled for every row of the tree, by `id()` of the node: each school in the lowest row that names it.

    A collective row such as 其他学校 gets the persons of its parent that no other row has. (R9.05)
    """
    units = {node.unit for node in tree.with_descendants() if node.unit is not None}
    cells = scopes.select(count_enrolled(root, scopes.year, [clock.now()])[0], root, [sector])
    by_unit: dict[int, int] = defaultdict(int)
    for cell in cells:
        steps = [int(step) for step in cell.path.strip("/").split("/")]
        by_unit[next(step for step in reversed(steps) if step in units)] += cell.persons
    done: dict[int, int] = {}
    _add_up(tree, by_unit, done)
    return done


def _add_up(node: TargetNode, by_unit: dict[int, int], done: dict[int, int]) -> int:
    own = by_unit.get(node.unit or 0, 0)
    done[id(node)] = own + sum(_add_up(child, by_unit, done) for child in node.children)
    for child in node.children:
        if child.unit is None:
            done[id(child)] = own
    return done[id(node)]
