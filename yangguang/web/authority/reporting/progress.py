"""The progress of the season by home, school, sector and programme type; each number links to its persons. (F-G6)"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang.models import Season, Unit
from yangguang.queries.organisation.school_map import JIYUAN
from yangguang.queries.reporting.progress import STEPS, Progress, count_groups, count_total
from yangguang.rules.accounts.rights import Right
from yangguang.web.authority.base.layout import page, season_of, unit_of
from yangguang.web.kit.actor import Request

GROUPINGS = {"home": "按生源地", "school": "按学校", "programme_type": "按主管线与培养类型"}
_READ = Right.MONTHLY_REPORT_SEE_BOTH_LINES


@dataclass(frozen=True, slots=True)
class _View:
    """The unit, season and grouping of the page; its links preserve them."""

    request: Request
    unit: Unit
    season: Season
    grouping: str

    def link(self, unit: Unit, grouping: str = "") -> str:
        params = {"unit": unit.public_id, "season": self.season.public_id, "by": grouping or self.grouping}
        return "?" + urlencode(params)


@require_safe
def progress(request: Request) -> HttpResponse:
    """The progress of one unit, and of its areas, schools or programme types."""
    by = request.GET.get("by", "")
    view = _View(request, unit_of(request, _READ), season_of(request), by if by in GROUPINGS else "home")
    unit, rows = view.unit, _rows(view)
    values = {
        "unit": unit,
        "season": view.season,
        "grouping": view.grouping,
        "tabs": [(text, view.link(unit, by), by == view.grouping, None) for by, text in GROUPINGS.items()],
        "heads": list(STEPS.values()),
        "total": _row(view, count_total(view.season, unit, view.grouping), unit),
        "rows": rows,
        "trail": _trail(view),
    }
    if view.grouping == "home" and unit.level == Unit.Level.PROVINCE:
        values["tiles"] = [row["tile"] for row in rows if row["tile"]]
    return page(request, "reporting/progress", values)


def _rows(view: _View) -> list[dict[str, object]]:
    groups = count_groups(view.season, view.unit, view.grouping)
    # The row of the unit itself has no link: its address would include the students of all areas below.
    linked = [row.unit for row in groups if row.unit not in (None, view.unit.pk)]
    units = Unit.objects.for_actor(view.request.actor, _READ).in_bulk(linked)
    return [_row(view, row, units.get(row.unit)) for row in groups]


def _row(view: _View, counts: Progress, unit: Unit | None) -> dict[str, object]:
    """One row of the table.

    Returns:
        name; cells of (header, number, link to the persons or ""); link to the unit or ""; tile of the map or None.
    """
    persons, cells = reverse("authority:people"), []
    for step, header in STEPS.items():
        number = getattr(counts, step)
        link = f"{persons}{view.link(unit)}&stage={step}" if unit is not None and number else ""
        cells.append((header, number, link))
    is_area = unit is not None and unit.level in (Unit.Level.CITY, Unit.Level.COUNTY, Unit.Level.PROVINCE)
    url = view.link(unit) if unit is not None and is_area else ""
    return {"name": counts.name, "cells": cells, "url": url, "tile": _tile(unit, counts, url)}


def _tile(unit: Unit | None, counts: Progress, url: str) -> dict[str, object] | None:
    """The tile of a city on the map: persons checked in of persons admitted."""
    if unit is None or not (unit.level == Unit.Level.CITY or unit.region_code == JIYUAN):
        return None
    rate = counts.checked_in / counts.admitted if counts.admitted else None
    name = unit.name.removesuffix("市").removesuffix("示范区")
    return {"code": unit.region_code, "name": name, "rate": rate, "url": url}


def _trail(view: _View) -> list[tuple[str, str]]:
    """From the actor's own unit down to the displayed one."""
    steps = [int(step) for step in view.unit.path.strip("/").split("/")]
    units = Unit.objects.for_actor(view.request.actor, _READ).in_bulk(steps)
    return [
        (units[step].name, "" if step == view.unit.pk else view.link(units[step])) for step in steps if step in units
    ]
