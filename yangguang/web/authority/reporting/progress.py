"""How far the season has come, by home, school, sector and programme_type; every number opens its persons. (F-G6)"""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang.models import Season, Unit
from yangguang.queries.reporting.counts import Stages
from yangguang.queries.reporting.progress import (
    UnitProgress,
    by_home,
    by_programme_type,
    by_school,
    by_sector,
)
from yangguang.queries.reporting.progress_persons import STAGES, at_schools, below
from yangguang.queries.seasons.seasons import seasons
from yangguang.rules.accounts.rights import Right
from yangguang.web.authority.base.layout import page, season_of, unit_of
from yangguang.web.kit.actor import Request

WAYS = {"home": "按生源地", "school": "按学校", "programme_type": "按主管线与培养类型"}


@require_safe
def progress(request: Request) -> HttpResponse:
    """The stages of one unit, and of what is below it."""
    right = Right.MONTHLY_REPORT_SEE_BOTH_LINES
    unit, season = unit_of(request, right), season_of(request)
    way = request.GET.get("by", "home") if request.GET.get("by") in WAYS else "home"
    own = {"unit": unit.public_id, "season": season.public_id}
    values = {
        "unit": unit,
        "season": season,
        "seasons": seasons(),
        "way": way,
        "tabs": [(says, _way(own, name), name == way, None) for name, says in WAYS.items()],
        "heads": list(STAGES.values()),
        "total": _row(unit.name, (below if way == "home" else at_schools)(season, unit), unit, season, way),
        "rows": _rows(request, unit, season, way),
        "trail": _trail(request, unit, own, way),
    }
    if way == "home" and unit.level == Unit.Level.PROVINCE:
        values["tiles"] = [tile for row in values["rows"] if (tile := row["tile"])]  # type: ignore[attr-defined]
    return page(request, "reporting/progress", values)


def _way(own: dict[str, Any], way: str) -> str:
    return "?" + urlencode({**own, "by": way})


def _rows(request: Request, unit: Unit, season: Season, way: str) -> list[dict[str, Any]]:
    if way == "programme_type":
        sectors, programme_types = by_sector(season, unit), by_programme_type(season, unit)
        told = [(one.label, stages) for found in (sectors, programme_types) for one, stages in found.items()]
        return [_row(name, stages, None, season, way) for name, stages in told]
    found: list[UnitProgress] = by_home(season, unit) if way == "home" else by_school(season, unit)
    known = Unit.objects.for_actor(request.actor, Right.MONTHLY_REPORT_SEE_BOTH_LINES)
    # The unit's own row has no list of its own: its address would show everybody below as well.
    units = known.in_bulk([one.unit for one in found if one.unit != unit.pk])
    return [_row(one.name, one.stages, units.get(one.unit), season, way) for one in found]


def _row(name: str, stages: Stages, unit: Unit | None, season: Season, way: str) -> dict[str, Any]:
    """One row: its cells are (head, number, address of the persons)."""
    cells = []
    for stage, head in STAGES.items():
        number, url = getattr(stages, stage), ""
        if unit is not None and number:
            asked = {"unit": unit.public_id, "season": season.public_id, "stage": stage, "by": way}
            url = f"{reverse('authority:people')}?{urlencode(asked)}"
        cells.append((head, number, url))
    down = ""
    if unit is not None and unit.level in (Unit.Level.CITY, Unit.Level.COUNTY, Unit.Level.PROVINCE):
        down = "?" + urlencode({"unit": unit.public_id, "season": season.public_id, "by": way})
    return {"name": name, "cells": cells, "url": down, "tile": _tile(unit, stages, down), "stages": stages}


def _tile(unit: Unit | None, stages: Stages, url: str) -> dict[str, Any] | None:
    """Persons checked in of persons admitted: how much of what was promised has come true."""
    if (
        unit is None
        or unit.level == Unit.Level.PROVINCE
        or not (unit.level == Unit.Level.CITY or unit.region_code == "419001")
    ):
        return None
    rate = stages.checked_in / stages.admitted if stages.admitted else None
    name = unit.name.removesuffix("市").removesuffix("示范区")
    return {"code": unit.region_code, "name": name, "rate": rate, "url": url}


def _trail(request: Request, unit: Unit, own: dict[str, Any], way: str) -> list[tuple[str, str]]:
    """From the seat's own unit down to the one that is shown."""
    steps = [int(step) for step in unit.path.strip("/").split("/")]
    known = Unit.objects.for_actor(request.actor, Right.MONTHLY_REPORT_SEE_BOTH_LINES).in_bulk(steps)
    found = [known[step] for step in steps if step in known]
    return [
        (one.name, "" if one.pk == unit.pk else "?" + urlencode({**own, "unit": one.public_id, "by": way}))
        for one in found
    ]
