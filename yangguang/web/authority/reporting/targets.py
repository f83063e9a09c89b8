"""The tree of targets with sums and completion. (S24-5.02, R4.03, F-G1)"""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang.queries.reporting.completion import count_done
from yangguang.queries.reporting.enrolment import TargetScopes
from yangguang.queries.reporting.targets import TargetNode, separate_break_downs, target_tree
from yangguang.rules.accounts.rights import Right
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.reporting.steps import CountKey
from yangguang.web.authority.base.layout import page, unit_of, year_of
from yangguang.web.kit.actor import Request

MAX_INDENT = 3


@require_safe
def targets(request: Request) -> HttpResponse:
    """The break-down below one unit."""
    unit = unit_of(request, Right.TASK_NUMBER_READ)
    year, sector = year_of(request), sector_of(request)
    tree = target_tree(unit, year, sector)
    separate, scopes = separate_break_downs(unit, tree, year, sector), TargetScopes(year)
    rows = [] if tree.total is None else _rows(tree, count_done(unit, tree, scopes, sector), scopes, sector)
    link, may_edit = _link(year, unit.public_id), request.actor.may(Right.TASK_NUMBER_SET_CHILDREN) is not None
    years = (year - 1, year, year + 1)
    values = {
        "unit": unit,
        "year": year,
        "sector": sector,
        "rows": rows,
        "scopes": scopes.used or [scopes.scope_of(unit.path, sector)] if rows else [],
        "separate": [(row, _link(year, row.public_id)) for row in separate],
        "source": next((child.source for child in tree.children if child.source), ""),
        "edit": f"{reverse('authority:targets_edit')}{link}" if may_edit else "",
        "years": [(f"{y}年", _link(y, unit.public_id), y == year, None) for y in years],
    }
    return page(request, "reporting/targets", values)


def sector_of(request: Request) -> Sector:
    """The sector of the actor's role; education for a province, which has both."""
    return Sector(request.actor.sector) if request.actor.sector else Sector.EDUCATION


def _link(year: int, unit: object) -> str:
    return "?" + urlencode({"year": year, "unit": unit})


def _rows(
    node: TargetNode, done: dict[int, int], scopes: TargetScopes, sector: Sector, level: int = 0
) -> list[dict[str, object]]:
    """The rows of the tree from top to bottom, in printed order."""
    row = {
        "level": min(level, MAX_INDENT),
        "name": node.label,
        "number": node.total,
        "sum": node.broken_down,
        "done": done.get(id(node), 0),
        "url": _link(scopes.year, node.public_id) if level and node.children else "",
        "keys": _keys(node, scopes.year, sector),
    }
    return [row, *(below for child in node.children for below in _rows(child, done, scopes, sector, level + 1))]


def _keys(node: TargetNode, year: int, sector: Sector) -> dict[str, CountKey]:
    """What the numbers of the row count; a collective row such as 其他学校 has no unit and no keys."""
    steps = ("target", "counted", "rate") if node.code else ()
    return {step: CountKey(str(year), step, "target", node.code, sector=sector.value) for step in steps}
