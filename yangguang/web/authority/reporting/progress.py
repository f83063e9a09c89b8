"""The progress of the season by home, school, sector and programme type; each number links to its persons. (F-G6)"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang.models import Season, Unit
from yangguang.queries.reporting import progress as counts
from yangguang.queries.reporting.counts import Population
from yangguang.queries.reporting.progress import Progress
from yangguang.rules.accounts.rights import Right
from yangguang.rules.reporting.steps import Step
from yangguang.web.authority.base.layout import page, season_of, unit_of
from yangguang.web.authority.base.persons_link import persons_link
from yangguang.web.authority.reporting.completion_map import build_map
from yangguang.web.kit.actor import Request
from yangguang.web.kit.chart_files import send_chart, tabulate_rates
from yangguang.web.kit.layout import Values

GROUPINGS = {"home": "按生源地", "school": "按学校", "programme_type": "按主管线与培养类型"}
ON_PHONES = frozenset({Step.REGISTERED, Step.ADMITTED, Step.CHECKED_IN, Step.COUNTED})
_READ = Right.MONTHLY_REPORT_SEE_BOTH_LINES


@dataclass(frozen=True, slots=True)
class _View:
    """The unit, season and grouping of the page; its links preserve them."""

    request: Request
    unit: Unit
    season: Season
    grouping: str

    @property
    def population(self) -> Population:
        return Population(self.season, self.unit, at_school=self.grouping != "home")

    def link(self, unit: Unit, grouping: str = "") -> str:
        params = {"unit": unit.public_id, "season": self.season.public_id, "by": grouping or self.grouping}
        return "?" + urlencode(params)


@require_safe
def progress(request: Request) -> HttpResponse:
    """The progress of one unit, and of its areas, schools or programme types."""
    by = request.GET.get("by", "")
    view = _View(request, unit_of(request, _READ), season_of(request), by if by in GROUPINGS else "home")
    whole, groups = counts.count_total(view.population, request.actor), list(_count_groups(view))
    values: Values = {
        "unit": view.unit,
        "season": view.season,
        "grouping": view.grouping,
        "tabs": [(text, view.link(view.unit, by), by == view.grouping, None) for by, text in GROUPINGS.items()],
        "heads": [step.label for step, number in whole.persons.items() if number is not None],
        "total": _row(view, whole, view.population),
        "tables": [(head, _list_rows(view, rows, axis)) for head, axis, rows in groups],
        "trail": _trail(view),
    }
    if view.grouping == "home" and view.unit.level == Unit.Level.PROVINCE:
        values |= build_map(request, view.season, view.unit, view.link, groups[0][2])
    charts = {"map": tabulate_rates(values.get("tiles", ()), str(values.get("measure")))}
    return send_chart(request, charts) or page(request, "reporting/progress", values)


def _count_groups(view: _View) -> Iterator[tuple[str, str, list[Progress]]]:
    """Heading of the first column, axis and rows of each table; the rows of each add up to the total."""
    of, by = view.population, view.request.actor
    if view.grouping == "programme_type":
        yield "主管线", "sector", counts.count_by_sector(of, by)
        yield "培养类型", "programme_type", counts.count_by_programme_type(of, by)
    elif view.grouping == "home":
        yield "单位", "", counts.count_by_home(of, by)
    else:
        yield "单位", "", counts.count_by_school(of, by)


def _list_rows(view: _View, rows: list[Progress], axis: str) -> list[dict[str, object]]:
    if not axis:
        return _unit_rows(view, rows)
    return [_row(view, row, view.population.of(**{axis: row.group})) for row in rows]


def _unit_rows(view: _View, groups: list[Progress]) -> list[dict[str, object]]:
    # The row of the unit itself has no link: its address would include the students of all areas below.
    linked = [row.unit for row in groups if row.unit not in (None, view.unit.pk)]
    units = Unit.objects.for_actor(view.request.actor, _READ).in_bulk(linked)
    return [_row(view, row, view.population.of(unit=units[row.unit]) if row.unit in units else None) for row in groups]


def _row(view: _View, progress: Progress, of: Population | None) -> dict[str, object]:
    """One row of a table.

    Args:
        of: whom the row counts; None where no address says it.

    Returns:
        name; cells of (header, number, link to the persons or "", key of the count or "", whether also on a phone);
        link to the unit or "".
    """
    cells = [
        (
            step.label,
            number,
            persons_link(of, step) if of and progress.is_readable(step) else "",
            of.key(step) if of else "",
            step in ON_PHONES,
        )
        for step, number in progress.persons.items()
        if number is not None
    ]
    is_area = of is not None and progress.unit is not None and of.unit.level != Unit.Level.SCHOOL
    return {"name": progress.name, "cells": cells, "url": view.link(of.unit) if of and is_area else ""}


def _trail(view: _View) -> list[tuple[str, str]]:
    """From the actor's own unit down to the displayed one."""
    steps = [int(step) for step in view.unit.path.strip("/").split("/")]
    units = Unit.objects.for_actor(view.request.actor, _READ).in_bulk(steps)
    return [
        (units[step].name, "" if step == view.unit.pk else view.link(units[step])) for step in steps if step in units
    ]
