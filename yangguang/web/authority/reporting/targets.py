"""The tree of targets with sums and completion. (S24-5.02, R4.03, F-G1)"""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang.models import Unit
from yangguang.queries.reporting.completion import count_done
from yangguang.queries.reporting.enrolment import TargetScopes
from yangguang.queries.reporting.targets import TargetNode, separate_break_downs, target_tree
from yangguang.rules.accounts.rights import Right
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.reporting.steps import CountKey
from yangguang.web.authority.base.layout import page, unit_of, year_of
from yangguang.web.authority.reporting.completion_map import sector_of
from yangguang.web.kit.actor import Request
from yangguang.web.kit.chart_files import send_chart, tabulate_steps

MAX_INDENT, MAX_NAMED = 3, 6


@require_safe
def targets(request: Request) -> HttpResponse:
    """The break-down below one unit."""
    unit = unit_of(request, Right.TASK_NUMBER_READ)
    year, sector = year_of(request), sector_of(request)
    tree = target_tree(unit, year, sector)
    separate, scopes = separate_break_downs(unit, tree, year, sector), TargetScopes(year)
    done = {} if tree.total is None else count_done(unit, tree, scopes, sector)
    rows = [] if tree.total is None else _rows(tree, done, scopes, sector)
    remaining = list_remaining(tree, done)
    values = {
        "unit": unit,
        "year": year,
        "sector": sector,
        "rows": rows,
        "waterfall": remaining,
        "finding": _describe_remaining(remaining),
        "scopes": scopes.used or [scopes.scope_of(unit.path, sector)] if rows else [],
        "separate": [(row, _link(year, row.public_id)) for row in separate],
        "source": next((child.source for child in tree.children if child.source), ""),
        **_list_links(request, unit, year),
    }
    return send_chart(request, {"remaining": tabulate_steps(remaining)}) or page(request, "reporting/targets", values)


def _list_links(request: Request, unit: Unit, year: int) -> dict[str, object]:
    may_edit = request.actor.may(Right.TASK_NUMBER_SET_CHILDREN) is not None
    edit = f"{reverse('authority:targets_edit')}{_link(year, unit.public_id)}" if may_edit else ""
    years = [(f"{y}年", _link(y, unit.public_id), y == year, None) for y in (year - 1, year, year + 1)]
    return {"edit": edit, "years": years}


def list_remaining(node: TargetNode, done: dict[int, int]) -> list[dict[str, object]]:
    """From the target to what is missing, less what each area has done, in the shape of `components/waterfall.html`.

    Returns:
        The areas that have done most by name and the others in one row; nothing where no area has done anything.
    """
    total = node.total or 0
    parts = sorted(((done.get(id(child), 0), child.label) for child in node.children), reverse=True)
    named = [(persons, label) for persons, label in parts[:MAX_NAMED] if persons]
    others = done.get(id(node), 0) - sum(persons for persons, _ in named)
    if not named or others < 0 or done.get(id(node), 0) > total:
        return []
    rows: list[dict[str, object]] = [_sum_row("任务数", total)]
    for persons, label in [*named, *([(others, "其他单位")] if others else [])]:
        rows.append({"label": label, "start": total, "end": total - persons, "number": f"−{persons:,}"})
        total -= persons
    return [*rows, _sum_row("还差", total)]


def _describe_remaining(rows: list[dict[str, object]]) -> str:
    """What the waterfall shows in one sentence; "" without one."""
    if not rows:
        return ""
    most, missing = rows[1], rows[-1]
    return f"还差 {missing['number']} 人；完成最多的是{most['label']}，{most['number']} 人。".replace("−", "")


def _sum_row(label: str, persons: int) -> dict[str, object]:
    return {"label": label, "start": 0, "end": persons, "is_sum": True, "number": f"{persons:,}"}


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
