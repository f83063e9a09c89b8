"""A bureau's front page: what waits for it, how far its students are, its rates, its windows. (X2.01, X2.03)"""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.models import Season, Unit
from yangguang.queries.publicity.public_home import list_season_windows
from yangguang.queries.reporting.completion import Completion, completion_of
from yangguang.queries.reporting.counts import Population
from yangguang.queries.reporting.progress import count_total
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.reporting.steps import CountKey
from yangguang.web.authority.base.layout import page, season_of, unit_of
from yangguang.web.authority.base.persons_link import persons_link
from yangguang.web.authority.base.tasks import list_tasks
from yangguang.web.authority.reporting.completion_map import (
    COMPLETION,
    list_areas,
    list_measures,
    list_tiles,
    sector_of,
)
from yangguang.web.kit.actor import Request
from yangguang.web.kit.chart_files import Rows, send_chart, tabulate_funnel, tabulate_rates, tabulate_windows
from yangguang.web.kit.charts import find_largest_loss, find_median
from yangguang.web.kit.layout import Values
from yangguang.web.kit.navigation import keep_season
from yangguang.web.kit.season_chart import draw_windows


@require_safe
def home(request: Request) -> HttpResponse:
    """Tasks as an inbox, the funnel, the completion with its areas ranked and mapped, the windows."""
    unit, season = unit_of(request, Right.PLAN_APPROVE), season_of(request)
    tasks = list_tasks(request.actor, season)
    values: Values = {
        "unit": unit,
        "season": season,
        "now": clock.now(),
        "tasks": [task for task in tasks if task["number"]],
        "clear": [task for task in tasks if not task["number"]],
        "link": f"{reverse('authority:progress')}?season={season.public_id}",
        **_draw_funnel(request.actor, Population(season, unit)),
        **_draw_completion(request, unit, season),
        **draw_windows(list_season_windows(season, clock.now())),
    }
    return send_chart(request, _list_charts(values)) or page(request, "base/home", values)


def _list_charts(values: Values) -> dict[str, Rows]:
    """The numbers of each picture of the page."""
    completion = values["completion"]
    total = {"计入完成": completion["done"], "任务数": completion["target"], "完成率": completion["rate"]}
    return {
        "funnel": tabulate_funnel(values["steps"]),
        "completion": [total],
        "areas": tabulate_rates(values["ranked"]),
        "map": tabulate_rates(values["tiles"]),
        "windows": tabulate_windows(values["rows"]),
    }


def _draw_funnel(by: Actor, of: Population) -> dict[str, object]:
    """The persons of the area at each step, in the shape of `components/funnel.html`."""
    total = count_total(of, by)
    numbers = [(step, number) for step, number in total.persons.items() if number is not None]
    steps: list[dict[str, object]] = []
    for place, (step, number) in enumerate(numbers):
        before = numbers[place - 1][1] if place else None
        url = persons_link(of, step) if total.is_readable(step) else ""
        lost = None if before is None else max(before - number, 0)
        row = {"label": step.label, "number": number, "before": before, "lost": lost, "url": url, "key": of.key(step)}
        steps.append(row)
    loss = find_largest_loss([(step.label, number) for step, number in numbers])
    return {"steps": steps, "finding": f"少得最多的一步是{loss[0]}：{loss[1]:,} 人。" if loss else ""}


def _draw_completion(request: Request, unit: Unit, season: Season) -> dict[str, object]:
    """The rate of the unit, and of the areas directly below it, the highest first."""
    sector, areas = sector_of(request), list_areas(request, unit)
    completions = completion_of(unit, areas, season.year, sector)
    tiles = list_tiles(areas, completions, season.year, sector, lambda area: f"?unit={area.public_id}")
    progress = reverse("authority:progress")
    tiles = [tile | {"url": keep_season(f"{progress}{tile['url']}", season.public_id)} for tile in tiles]
    rated = sorted(
        (one for one in tiles if one["rate"] is not None), key=lambda one: float(str(one["rate"])), reverse=True
    )
    middle = find_median(float(str(one["rate"])) for one in rated)
    ranking = f"中位数 {100 * middle:.0f}%（虚线）" if middle is not None else ""
    return {
        "completion": _describe_completion(unit, completions[unit.pk], season.year, sector),
        "tiles": tiles if unit.level == Unit.Level.PROVINCE else [],
        "measures": list_measures(keep_season(f"{progress}?unit={unit.public_id}", season.public_id), COMPLETION),
        "ranked": rated,
        "median": middle,
        "ranking": ranking,
        "extremes": _describe_extremes(rated),
    }


def _describe_extremes(rated: list[dict[str, object]]) -> str:
    """What a ranking shows in one sentence; "" for fewer than two areas."""
    if len(rated) < 2:
        return ""
    first, last = rated[0], rated[-1]
    return f"最高的是{first['name']}，{first['number']}；最低的是{last['name']}，{last['number']}。"


def _describe_completion(unit: Unit, completion: Completion, year: int, sector: Sector) -> dict[str, object]:
    keys = {
        name: CountKey(str(year), step, "target", unit.code, sector=sector.value)
        for name, step in (("counted", "counted"), ("rate", "rate"))
    }
    return {
        "title": f"{year}年完成率（{sector.label}线）",
        "done": completion.done,
        "target": completion.target,
        "left": max((completion.target or 0) - completion.done, 0),
        "rate": completion.rate_text,
        "scope": completion.scope,
        "keys": keys,
    }
