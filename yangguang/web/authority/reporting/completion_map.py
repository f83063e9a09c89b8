"""The completion of targets on the map of the province: the rate of the target page and of the forms. (F-G1, F-G6)"""

from collections.abc import Callable, Iterable, Mapping

from yangguang.models import Unit
from yangguang.queries.reporting.completion import Completion, completion_of
from yangguang.rules.accounts.rights import Right
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.reporting.steps import CountKey
from yangguang.web.kit.actor import Request

_AREAS = (Unit.Level.CITY, Unit.Level.COUNTY)
_AIRPORT = "航空港区"


def build_map(
    request: Request, province: Unit, year: int, sector: Sector, link: Callable[[Unit], str]
) -> dict[str, object]:
    """The values of `authority/reporting/completion_map.html`.

    Args:
        link: the address of an area's page.
    """
    areas = list_areas(request, province)
    completions = completion_of(province, areas, year, sector)
    return {
        "map_title": f"{year}年各地招生任务完成率（{sector.label}线）",
        "tiles": list_tiles(areas, completions, year, sector, link),
        "scopes": sorted(
            {f"{one.scope}（{one.scope.clause}）" for one in completions.values() if one.target is not None}
        ),
    }


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
    name = _AIRPORT if area.kind == _AIRPORT else area.name.removesuffix("市").removesuffix("示范区")
    return {
        "code": area.region_code,
        "name": name,
        "is_county": area.level == Unit.Level.COUNTY,
        "rate": None if completion.rate is None else float(completion.rate) / 100,
        "number": completion.rate_text,
        "key": CountKey(str(year), "rate", "target", area.code, sector=sector.value),
    }
