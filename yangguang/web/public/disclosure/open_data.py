"""Open data: directory, plans and published results as CSV and JSON, the same rows as the pages. (F-A1, F-G7)"""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.models import AdmissionRun, Season
from yangguang.queries.base.paging import LARGEST, Page
from yangguang.queries.disclosure.public_disclosure import list_public_rounds
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
MAX_PROGRAMMES = 1_000_000


@require_safe
@cache_for_guests
def catalogue(request: Request) -> HttpResponse:
    """Every table with its columns and files."""
    season = require_season()
    values = {
        "season": season,
        "sets": [(name, sheet, sheet.title.format(year=season.year)) for name, (sheet, _) in SETS.items()],
        "rounds": [round for round in list_public_rounds(season) if round.has_published_list],
        "results": RESULTS,
        "trail": [HOME, ("公开数据", "")],
    }
    return render(request, "public/disclosure/open_data.html", values)


@require_safe
@cache_for_guests
def download(request: Request, name: str, form: str) -> HttpResponse:
    """One table as it is at this instant."""
    if name not in SETS:
        raise NotFound("没有这份公开数据", now="请从公开数据的列表选择")
    sheet, list_rows = SETS[name]
    season, at = require_season(), clock.now()
    return _render_file(fill_sheet(sheet, list_rows(season, at), year=season.year), f"{name}-{season.year}", form, at)


@require_safe
@cache_for_guests
def results(request: Request, number: int, form: str) -> HttpResponse:
    """The disclosure of one published round."""
    season, at = require_season(), clock.now()
    rows = AdmissionRun.objects.for_actor(request.actor, Right.RESULT_PUBLIC_STATS).select_related("round")
    rows = rows.filter(round__season=season, round__number=number, state=run_states.PUBLISHED)
    run: AdmissionRun | None = rows.defer("snapshot").first()
    if run is None:
        raise NotFound("这个批次的结果还没有公布", now="请从公开数据的列表选择")
    filled = fill_sheet(RESULTS, runs.list_disclosed(run, at, limit=MAX_PROGRAMMES), round=run.round.name)
    return _render_file(filled, f"results-{season.year}-{number}", form, at)


def _render_file(filled: FilledSheet, name: str, form: str, at: datetime) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    if form == "csv":
        return HttpResponse(render_csv(filled), content_type="text/csv; charset=utf-8", headers=headers)
    document = {
        "title": filled.sheet.title,
        "at": at.astimezone(SHANGHAI).isoformat(),
        "columns": [{"key": col.key, "name": col.header, "kind": col.kind.value} for col in filled.sheet.columns],
        "rows": list(filled.rows),
    }
    return JsonResponse(document, headers=headers, json_dumps_params={"ensure_ascii": False, "default": str})


def _list_all(search: Callable[..., Page[Any]], filters: object, season: Season, at: datetime) -> Rows:
    """Every row of a paged list, as dicts."""
    after: str | None = None
    while after != "":
        page = search(filters, season=season, at=at, after=after or "", size=LARGEST)
        yield from map(asdict, page.rows)
        after = page.after


def _list_schools(season: Season, at: datetime) -> Rows:
    for row in _list_all(units.schools, units.SchoolFilter(), season, at):
        yield row | {
            "sector": Sector(row["sector"]).label if row["sector"] else "",
            "listed_on": f"{row['listed_at'].astimezone(SHANGHAI):%Y-%m-%d}",
            "warning": "；".join(f"{measure.label}：{sentence}" for measure, sentence in row["labels"]),
            "is_demo": "演示" if row["is_demo"] else "",
        }


def _list_plans(season: Season, at: datetime) -> Rows:
    for row in _list_all(plans.search, plans.PlanFilter(), season, at):
        yield row | {
            "school": row["school_name"],
            "programme_type": ProgrammeType(row["programme_type"]).label,
            "study_form": StudyForm(row["study_form"]).label,
            "years": f"{row['years'].normalize():f}",
            "origins": "、".join(Origin(code).label for code in row["origins"]),
            "is_demo": "演示" if row["is_demo"] else "",
        }


SETS: dict[str, tuple[Sheet, Callable[[Season, datetime], Rows]]] = {
    "schools": (SCHOOLS, _list_schools),
    "plans": (PLANS, _list_plans),
}
