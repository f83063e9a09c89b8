"""Open data: directory, plans and published results as CSV and JSON, the same rows as the pages. (F-A1, F-G7)"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.models import AdmissionRun, Season
from yangguang.queries.base.paging import LARGEST, Page
from yangguang.queries.disclosure.public_disclosure import public_rounds
from yangguang.queries.organisation import units
from yangguang.queries.plans import plans
from yangguang.queries.runs import runs
from yangguang.rules.accounts.rights import Right
from yangguang.rules.applicants.origins import Origin, StudyForm
from yangguang.rules.base.refusals import NotFound
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.runs import run_states
from yangguang.rules.seasons.windows import SHANGHAI
from yangguang.sheets import FilledSheet, Sheet, fill_sheet, render_csv
from yangguang.sheets.open_data import PLANS, RESULTS, SCHOOLS
from yangguang.web.kit.actor import Request
from yangguang.web.public.base.layout import HOME, require_season
from yangguang.web.public.base.page_cache import cache_for_guests

Rows = Iterator[dict[str, Any]]


@require_safe
@cache_for_guests
def catalogue(request: Request) -> HttpResponse:
    """What there is, column by column, and how to take it."""
    season = require_season()
    published = [found for found in public_rounds(season) if found.published_at and found.is_ranked]
    sets = [
        {"name": name, "sheet": sheet, "title": sheet.title.format(year=season.year)}
        for name, (sheet, _) in SETS.items()
    ]
    values = {
        "season": season,
        "sets": sets,
        "rounds": published,
        "results": RESULTS,
        "trail": [HOME, ("公开数据", "")],
    }
    return render(request, "public/disclosure/open_data.html", values)


@require_safe
@cache_for_guests
def download(request: Request, name: str, form: str) -> HttpResponse:
    """One table as it stands at this instant."""
    if name not in SETS:
        raise NotFound("没有这份公开数据", now="请从公开数据的列表选择")
    sheet, rows = SETS[name]
    season, at = require_season(), clock.now()
    return _file(fill_sheet(sheet, rows(season, at), year=season.year), f"{name}-{season.year}", form, at)


@require_safe
@cache_for_guests
def results(request: Request, number: int, form: str) -> HttpResponse:
    """The disclosure of one published round."""
    season, at = require_season(), clock.now()
    own = AdmissionRun.objects.for_actor(request.actor, Right.RESULT_PUBLIC_STATS).defer("snapshot")
    found = own.filter(round__season=season, round__number=number, state=run_states.PUBLISHED)
    run = found.select_related("round").first()
    if run is None:
        raise NotFound("这个批次的结果还没有公布", now="请从公开数据的列表选择")
    filled = fill_sheet(RESULTS, _all(lambda after: _programmes(run, at, after)), round=run.round.name)
    return _file(filled, f"results-{season.year}-{number}", form, at)


def _file(filled: FilledSheet, name: str, form: str, at: datetime) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    if form == "csv":
        return HttpResponse(render_csv(filled), content_type="text/csv; charset=utf-8", headers=headers)
    columns = [{"key": col.key, "name": col.header, "kind": col.kind.value} for col in filled.sheet.columns]
    said = {
        "title": filled.title,
        "at": at.astimezone(SHANGHAI).isoformat(),
        "columns": columns,
        "rows": list(filled.rows),
    }
    return JsonResponse(said, headers=headers, json_dumps_params={"ensure_ascii": False, "default": str})


def _all(page: Callable[[str], Page[Any]]) -> Rows:
    """Every row of a paged list, as dicts of its fields."""
    after = ""
    while True:
        found = page(after)
        for row in found.rows:
            yield {name: getattr(row, name) for name in row.__dataclass_fields__}
        after = found.after
        if not after:
            return


def _programmes(run: AdmissionRun, at: datetime, after: str) -> Page[Any]:
    rows = runs.disclosed(run, at, after=after, limit=LARGEST + 1)
    return Page(rows[:LARGEST], rows[LARGEST - 1].code if len(rows) > LARGEST else "")


def _schools(season: Season, at: datetime) -> Rows:
    asked = units.SchoolFilter()
    for row in _all(lambda after: units.schools(asked, season=season, at=at, after=after, size=LARGEST)):
        yield row | {
            "sector": Sector(row["sector"]).label if row["sector"] else "",
            "listed_on": f"{row['listed_at'].astimezone(SHANGHAI):%Y-%m-%d}",
            "warning": _warning(row["labels"]),
            "is_demo": _mark(row["is_demo"]),
        }


def _plans(season: Season, at: datetime) -> Rows:
    asked = plans.PlanFilter()
    for row in _all(lambda after: plans.search(asked, season=season, at=at, after=after, size=LARGEST)):
        yield row | {
            "school": row["school_name"],
            "programme_type": ProgrammeType(row["programme_type"]).label,
            "study_form": StudyForm(row["study_form"]).label,
            "years": f"{row['years'].normalize():f}",
            "origins": "、".join(Origin(code).label for code in row["origins"]),
            "is_demo": _mark(row["is_demo"]),
        }


def _warning(labels: Any) -> str:
    return "；".join(f"{measure.label}：{says}" for measure, says in labels)


def _mark(is_demo: bool) -> str:
    return "演示" if is_demo else ""


SETS: dict[str, tuple[Sheet, Callable[[Season, datetime], Rows]]] = {
    "schools": (SCHOOLS, _schools),
    "plans": (PLANS, _plans),
}
