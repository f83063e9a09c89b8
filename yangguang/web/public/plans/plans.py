"""The published plans: searched, and up to four programmes side by side. (S23-2.10, F-A2, F-A11)"""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.models.seasons.seasons import Season
from yangguang.queries.base.paging import Page
from yangguang.queries.organisation.school_map import areas
from yangguang.queries.plans import plans
from yangguang.queries.plans.plans import PlanFilter, PlanRow
from yangguang.queries.plans.programme_types import types_of_year
from yangguang.queries.seasons.seasons import current_season
from yangguang.web.kit.actor import Request
from yangguang.web.kit.paging import forward_page
from yangguang.web.public.base.forms import PlanFilters
from yangguang.web.public.base.layout import HOME
from yangguang.web.public.base.page_cache import cache_for_guests
from yangguang.web.public.plans.plan_rows import describe

MAX_COMPARED = 4


@require_safe
@cache_for_guests
def plan_list(request: Request) -> HttpResponse:
    """Search the programmes of the season by major, area, type, origin and fee."""
    season, at = current_season(), clock.now()
    types = types_of_year(season.year, at) if season else ()
    form = PlanFilters(request.GET, areas=areas(season.year) if season else [], types=types)
    programmes = _search(form, season, at, request.GET.get("after", ""))
    values = {
        "season": season,
        "at": at,
        "form": form,
        "programmes": [describe(row) for row in programmes.rows],
        "pager": forward_page(request, programmes.rows, programmes.after),
        "most": MAX_COMPARED,
        "trail": [HOME, ("招生计划", "")],
    }
    return render(request, "public/plans/plans.html", values)


@require_safe
@cache_for_guests
def comparison(request: Request) -> HttpResponse:
    """Up to four programmes side by side, chosen by their check boxes in the list."""
    ids = list(dict.fromkeys(request.GET.getlist("programme")))
    rows = plans.compare([id for id in ids if _is_uuid(id)], at=clock.now())
    values = {
        "programmes": [describe(row) | {"without": _url_without(row, rows)} for row in rows],
        "chosen": bool(ids),
        "left_out": len(ids) > MAX_COMPARED,
        "most": MAX_COMPARED,
        "trail": [HOME, ("招生计划", reverse("public:plans")), ("比较", "")],
    }
    return render(request, "public/plans/comparison.html", values)


def _url_without(one: PlanRow, rows: list[PlanRow]) -> str:
    others = [f"programme={row.public_id}" for row in rows if row is not one]
    return f"?{'&'.join(others)}" if others else reverse("public:plans")


def _search(form: PlanFilters, season: Season | None, at: datetime, after: str) -> Page[PlanRow]:
    if season is None:
        return Page([])
    chosen = form.chosen
    has_seats, fee = bool(chosen.pop("left")), chosen.pop("fee")
    filters = PlanFilter(**chosen, has_seats=has_seats, fee_at_most=fee)
    return plans.search(filters, season=season, at=at, after=after)


def _is_uuid(text: str) -> bool:
    plain = text.replace("-", "")
    return len(plain) == 32 and all(c in "0123456789abcdefABCDEF" for c in plain)
