"""The list of schools that may recruit, and each school's page. (S23-2.09, S23-2.10, F-A1, F-A5, F-A6, F-A11)"""

from itertools import pairwise
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.models import Plan, Season, Unit
from yangguang.queries.organisation import units
from yangguang.queries.organisation.school_lists import list_publications
from yangguang.queries.organisation.school_map import Area, areas
from yangguang.queries.plans import plans
from yangguang.rules.accounts.rights import Right
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans import plan_states
from yangguang.rules.plans.programmes import QuotaKind
from yangguang.web.kit.actor import Request
from yangguang.web.kit.paging import forward_page
from yangguang.web.public.base.forms import SchoolFilters
from yangguang.web.public.base.layout import HOME, require_season
from yangguang.web.public.base.page_cache import cache_for_guests
from yangguang.web.public.plans.plan_rows import describe

# A tile is one shade darker from each of these numbers of schools on.
STEPS = (1, 5, 15, 30)
SCALE = [("none", "没有"), *((str(shade), f"{step} 所起") for shade, step in enumerate(STEPS, start=1))]


@require_safe
@cache_for_guests
def directory(request: Request) -> HttpResponse:
    """Search by name, pinyin, initials, area and kind; with the map of areas."""
    season, at = require_season(), clock.now()
    listed_areas = areas(season.year)
    form = SchoolFilters(request.GET, areas=listed_areas)
    filters = units.SchoolFilter(**form.chosen)
    schools = units.schools(filters, season=season, at=at, after=request.GET.get("after", ""))
    values = {
        "season": season,
        "form": form,
        "cards": schools.rows,
        "pager": forward_page(request, schools.rows, schools.after),
        "is_searched": any(form.chosen.values()) or "after" in request.GET,
        "publications": list_publications(season.year),
        "total": sum(area.schools for area in listed_areas),
        "tiles": [build_tile(area) for area in listed_areas if area.is_tile],
        "areas": listed_areas,
        "scale": SCALE,
        "trail": [HOME, ("招生学校名录", "")],
    }
    return render(request, "public/organisation/schools.html", values)


@require_safe
@cache_for_guests
def school_page(request: Request, public_id: UUID) -> HttpResponse:
    """One school: qualification, warnings, programmes with their free seats, and the QR code of this page."""
    season, at = require_season(), clock.now()
    card = units.school(str(public_id), season=season, at=at)
    visible = Unit.objects.for_actor(request.actor, Right.SCHOOL_PAGE_READ).only("source", "governed_by")
    rows = plans.programmes_of(card.id, season=season, at=at)
    address = settings.PUBLIC_URL.rstrip("/") + reverse("public:school", args=[public_id])
    values = {
        "season": season,
        "at": at,
        "card": card,
        "unit": visible.get(pk=card.id),
        "sector": Sector(card.sector).label if card.sector else "",
        "programmes": [describe(row) for row in rows],
        "is_demo": any(row.is_demo for row in rows),
        "changes": _list_changes(request, card.id, season),
        "address": address,
        "qr": segno.make(address, error="m").svg_data_uri(scale=4, border=2),
        "trail": [HOME, ("招生学校名录", reverse("public:schools")), (card.name, "")],
    }
    return render(request, "public/organisation/school.html", values)


def build_tile(area: Area) -> dict[str, object]:
    """A tile of the map, shaded by the number of schools."""
    shade = str(sum(area.schools >= step for step in STEPS)) if area.schools else "none"
    name, url = area.name.removesuffix("市"), f"?area={area.code}" if area.schools else ""
    return {"code": area.code, "name": name, "number": area.schools, "shade": shade, "url": url}


def _list_changes(request: Request, school: int, season: Season) -> list[dict[str, object]]:
    """Every change of seats since the plan became public, the newest first. (plan.history)"""
    own = Plan.objects.for_actor(request.actor, Right.PLAN_HISTORY)
    plan = own.filter(school=school, season=season, state=plan_states.PUBLISHED).first()
    if plan is None:
        return []
    changes = []
    for after, before in pairwise(plans.history(plan.pk)):
        old = {programme["code"]: _count_open(programme) for programme in before.programmes}
        changes += [
            {"at": after.recorded_at, "major": row["major"], "before": old.get(row["code"]), "after": _count_open(row)}
            for row in after.programmes
            if _count_open(row) != old.get(row["code"])
        ]
    return changes


def _count_open(programme: dict[str, Any]) -> int:
    """The seats of a programme in a version of the plan, without those of a dedicated class."""
    quotas = programme["quotas"] or ()
    return int(sum(quota["seats"] for quota in quotas if quota["code"] != QuotaKind.DEDICATED_CLASS))
