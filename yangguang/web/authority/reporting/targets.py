"""The tree of targets with its sums and how much of each is done; a target never blocks or fills a seat.
(S24-5.02, R4.03, F-G1)
"""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang.queries.reporting.target_completion import done_by_node
from yangguang.queries.reporting.targets import TargetNode, tables_apart, tree
from yangguang.rules.accounts.rights import Right
from yangguang.rules.organisation.sectors import Sector
from yangguang.web.authority.base.layout import page, unit_of, year_of
from yangguang.web.kit.actor import Request

DEPTH = 3


@require_safe
def targets(request: Request) -> HttpResponse:
    """The break-down below one unit."""
    unit = unit_of(request, Right.TASK_NUMBER_SET_CHILDREN)
    year, sector = year_of(request), sector_of(request)
    root = tree(unit, year, sector)
    done = done_by_node(unit, root, year, sector)
    own = {"year": year, "unit": unit.public_id}
    values = {
        "unit": unit,
        "year": year,
        "sector": sector,
        "rows": _rows(root, done, year),
        "apart": [(one, _way(year, one.public_id)) for one in tables_apart(unit, root, year, sector)],
        "source": next((child.source for child in root.children if child.source), ""),
        "edit": f"{reverse('authority:targets_edit')}?{urlencode(own)}",
        "years": [
            (f"{one}年", f"?{urlencode({**own, 'year': one})}", one == year, None)
            for one in (year - 1, year, year + 1)
        ],
    }
    return page(request, "reporting/targets", values)


def sector_of(request: Request) -> Sector:
    """The sector of the seat; a province may look at both."""
    return Sector(request.actor.sector) if request.actor.sector else Sector.EDUCATION


def _way(year: int, unit: str) -> str:
    return "?" + urlencode({"year": year, "unit": unit})


def _rows(node: TargetNode, done: dict[int, int], year: int, level: int = 0) -> list[dict[str, Any]]:
    """The rows of the tree from top to bottom, in printed order."""
    url = ""
    if level and node.children:
        url = _way(year, node.public_id)
    row = {
        "level": min(level, DEPTH),
        "name": node.label,
        "number": node.total,
        "sum": node.broken_down,
        "done": done.get(id(node), 0),
        "url": url,
        "edit": "",
    }
    return [row, *(below for child in node.children for below in _rows(child, done, year, level + 1))]
