"""Editing the plan as a whole: rows are added without a script, nothing typed is lost when a rule refuses it. (F-C2)"""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang.actions.plans import plans
from yangguang.actions.plans.programmes import drafts_of
from yangguang.models import Plan, Season, Unit
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.programmes import ProgrammeDraft
from yangguang.web.kit.actor import Request
from yangguang.web.kit.forms import beside
from yangguang.web.school.base.layout import own_school, page, season_of
from yangguang.web.school.plans.plan_forms import CapacityForm, ProgrammeForms, drafts_from, initial_of

MORE = 3


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request) -> HttpResponse:
    """The whole plan as a table to type in; 保存 drafts it, 再加 3 行 only makes room."""
    school, season = own_school(request, Right.PLAN_DRAFT), season_of(request)
    rows = Plan.objects.for_actor(request.actor, Right.PLAN_DRAFT).filter(school=school, season=season)
    found = rows.first()
    held = drafts_of(found) if found else []
    if request.method != "POST":
        form = CapacityForm(initial={"capacity": found.capacity if found else None})
        return _shown(request, season, form, ProgrammeForms(initial=initial_of(held), prefix="programme"))
    return _typed(request, school, season, held)


def _typed(request: Request, school: Unit, season: Season, held: list[ProgrammeDraft]) -> HttpResponse:
    data = request.POST.copy()
    if "more" in data:
        shown = data.get("programme-TOTAL_FORMS", "")
        data["programme-TOTAL_FORMS"] = str(
            (int(shown) if shown.isdecimal() and len(shown) < 4 else 0) + MORE
        )
    form, programmes = CapacityForm(data), ProgrammeForms(data, prefix="programme")
    if "more" in data or not (form.is_valid() & programmes.is_valid()):
        return _shown(request, season, form, programmes, status=200 if "more" in data else 422)
    asked: dict[str, Any] = {
        "capacity": form.cleaned_data["capacity"],
        "programmes": drafts_from(programmes, held),
    }
    try:
        plans.draft(by=request.actor, school=school, season=season, **asked)
    except Refused as refusal:
        beside(form, refusal)
        return _shown(request, season, form, programmes, refusal)
    return HttpResponseRedirect(f"{reverse('school:plan')}?season={season.public_id}")


def _shown(
    request: Request,
    season: Season,
    form: CapacityForm,
    programmes: Any,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    values = {"season": season, "form": form, "programmes": programmes, "refusal": refusal}
    return page(request, "plans/plan_edit", values, status=refusal.status if refusal else status)
