"""The map of the province: completion of targets as on the target page and the forms, or another rate. (F-G1, F-G6)"""

from collections.abc import Callable, Iterable, Mapping

from yangguang.models import Season, Unit
from yangguang.queries.reporting.completion import Completion, completion_of
from yangguang.queries.reporting.progress import Progress
from yangguang.rules.accounts.rights import Right
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.reporting.steps import CountKey, Step
from yangguang.web.kit.actor import Request

_AREAS = (Unit.Level.CITY, Unit.Level.COUNTY)
_AIRPORT = "航空港区"


COMPLETION = "completion"
SCALE = (("none", "没有人"), ("0", "不足 25%"), ("1", "25% 起"), ("2", "50% 起"), ("3", "75% 起"), ("4", "全部"))
MEASURES = {
    COMPLETION: ("完成率", None),
    "admitted": ("录取率", (Step.ADMITTED, Step.REGISTERED)),
    "checked_in": ("报到率", (Step.CHECKED_IN, Step.ADMITTED)),
}
"""What the map can measure: its label, and the two steps whose persons are divided; None for the target."""


def build_map(
    request: Request, season: Season, province: Unit, link: Callable[[Unit], str], groups: Iterable[Progress]
) -> dict[str, object]:
    """The values of `authority/reporting/completion_map.html`, by the measure in the address.

    Args:
        link: the address of an area's page. groups: the persons of each area by home.
    """
    chosen = request.GET.get("map", "")
    measure = chosen if chosen in MEASURES else COMPLETION
    label, steps = MEASURES[measure]
    areas, sector = list_areas(request, province), sector_of(request)
    values: dict[str, object] = {"measures": list_measures(link(province), measure), "measure": label}
    if steps:
        by_unit = {group.unit: group for group in groups}
        tiles = [_draw_tile(area) | _divide(by_unit.get(area.pk), *steps) | {"url": link(area)} for area in areas]
        values |= {"part": steps[0].label, "whole": steps[1].label, "scale": SCALE}
        return values | {"map_title": f"{season}各地{label}", "tiles": tiles}
    completions = completion_of(province, areas, season.year, sector)
    scopes = {f"{one.scope}（{one.scope.clause}）" for one in completions.values() if one.target is not None}
    return values | {
        "map_title": f"{season.year}年各地招生任务完成率（{sector.label}线）",
        "tiles": list_tiles(areas, completions, season.year, sector, link),
        "scopes": sorted(scopes),
    }


def list_measures(page: str, chosen: str) -> list[tuple[str, str, bool, None]]:
    """The measures as tabs; `page` is the address of the progress by home."""
    return [(label, f"{page}&map={name}#map-head", name == chosen, None) for name, (label, _) in MEASURES.items()]


def sector_of(request: Request) -> Sector:
    """The sector of the actor's role; education for a province, which has both."""
    return Sector(request.actor.sector) if request.actor.sector else Sector.EDUCATION


def list_areas(request: Request, root: Unit) -> list[Unit]:
    """The areas directly below a unit, in the order of their codes."""
    units = Unit.objects.for_actor(request.actor, Right.MONTHLY_REPORT_SEE_BOTH_LINES)
    return list(units.filter(parent=root, level__in=_AREAS).order_by("code"))


def list_tiles(
    areas: Iterable[Unit], completions: Mapping[int, Completion], year: int, sector: Sector, link: Callable[[Unit], str]
) -> list[dict[str, object]]:
    """The areas in the shape of the tag `tile_map` and of `components/ranked_bars.html`."""
    return [_tile(area, completions[area.pk], year, sector) | {"url": link(area)} for area in areas]


def _tile(area: Unit, completion: Completion, year: int, sector: Sector) -> dict[str, object]:
    return _draw_tile(area) | {
        "rate": None if completion.rate is None else float(completion.rate) / 100,
        "number": completion.rate_text,
        "key": CountKey(str(year), "rate", "target", area.code, sector=sector.value),
    }


def _draw_tile(area: Unit) -> dict[str, object]:
    name = _AIRPORT if area.kind == _AIRPORT else area.name.removesuffix("市").removesuffix("示范区")
    return {"code": area.region_code, "name": name, "is_county": area.level == Unit.Level.COUNTY}


def _divide(group: Progress | None, part: Step, whole: Step) -> dict[str, object]:
    """The share of the persons of one step among those of another; a dash where there are none."""
    persons = (group.persons[whole] or 0) if group else 0
    rate = (group.persons[part] or 0) / persons if group and persons else None
    return {"rate": rate, "number": "—" if rate is None else f"{100 * rate:.1f}".removesuffix(".0") + "%"}
