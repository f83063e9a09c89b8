"""The completion of targets on the map of the province: the rate of the target page and of the forms. (F-G1, F-G6)"""

from collections.abc import Callable

from yangguang.models import Unit
from yangguang.queries.organisation.school_map import JIYUAN
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
    units = Unit.objects.for_actor(request.actor, Right.MONTHLY_REPORT_SEE_BOTH_LINES)
    areas = list(units.filter(parent=province, level__in=_AREAS).order_by("code"))
    completions = completion_of(province, areas, year, sector)
    tiles = [(area, _tile(area, completions[area.pk], year, sector) | {"url": link(area)}) for area in areas]
    return {
        "map_title": f"{year}年各地招生任务完成率（{sector.label}线）",
        "tiles": [tile for area, tile in tiles if _has_place(area)],
        "others": [tile for area, tile in tiles if not _has_place(area)],
        "scopes": sorted({str(one.scope) for one in completions.values() if one.target is not None}),
    }


def _has_place(area: Unit) -> bool:
    """Whether the area is one of the eighteen tiles that have a place on the map."""
    return area.level == Unit.Level.CITY or area.region_code == JIYUAN


def _tile(area: Unit, completion: Completion, year: int, sector: Sector) -> dict[str, object]:
    name = _AIRPORT if area.kind == _AIRPORT else area.name.removesuffix("市").removesuffix("示范区")
    return {
        "code": area.region_code,
        "name": name,
        "rate": None if completion.rate is None else float(completion.rate) / 100,
        "number": completion.rate_text,
        "key": CountKey(str(year), "rate", "target", area.code, sector=sector.value),
    }
