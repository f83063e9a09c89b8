"""Editing the plan as a whole: rows are added without a script, and a refusal keeps what was typed. (F-C2)"""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang import clock
from yangguang.actions.plans import plans
from yangguang.actions.plans.programmes import read_drafts
from yangguang.models import Plan, Season, Unit
from yangguang.queries.plans.programme_types import types_of_year
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused, VersionConflict
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.plans.programmes import ProgrammeDraft
from yangguang.web.kit.actor import Request
from yangguang.web.kit.displayed import FIELD, DisplayedForm, read_displayed, whole_form_values
from yangguang.web.kit.forms import add_refusal
from yangguang.web.school.base.layout import own_school, page, season_of
from yangguang.web.school.plans.plan_forms import CapacityForm, describe_plan, drafts_from, initial_of, programme_forms

MORE = 3
_COUNT = "programme-TOTAL_FORMS"


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request) -> HttpResponse:
    """The whole plan as a table to fill in; 保存 drafts it, 再加 3 行 only adds empty rows."""
    school, season = own_school(request, Right.PLAN_DRAFT), season_of(request)
    plan = _find_plan(request, school, season)
    if request.method == "POST":
        return _save(request, school, season, read_drafts(plan) if plan else [])
    form = CapacityForm(initial={"capacity": plan.capacity if plan else None})
    forms = programme_forms(_types(season), initial=initial_of(read_drafts(plan) if plan else []))
    displayed = whole_form_values(request, _stored(plan), None, dict, None)
    return _render(request, {"season": season, "form": form, "programmes": forms} | displayed)


def _types(season: Season) -> Sequence[ProgrammeType]:
    return types_of_year(season.year, clock.now())


def _find_plan(request: Request, school: Unit, season: Season) -> Plan | None:
    rows = Plan.objects.for_actor(request.actor, Right.PLAN_DRAFT).filter(school=school, season=season)
    plan: Plan | None = rows.first()
    return plan


def _stored(plan: Plan | None) -> DisplayedForm:
    """What the page shows of the stored plan."""
    if plan is None:
        return DisplayedForm("0")
    return DisplayedForm(str(plan.version), describe_plan(plan.capacity, read_drafts(plan)))


def _add_rows(data: QueryDict) -> None:
    count = data.get(_COUNT, "")
    data[_COUNT] = str((int(count) if count.isdecimal() and len(count) < 4 else 0) + MORE)


def _save(request: Request, school: Unit, season: Season, stored: list[ProgrammeDraft]) -> HttpResponse:
    data, is_growing = request.POST.copy(), "more" in request.POST
    if is_growing:
        _add_rows(data)
    form, forms = CapacityForm(data), programme_forms(_types(season), data)
    values: dict[str, object] = {"season": season, "form": form, "programmes": forms, "displayed": data.get(FIELD, "")}
    if is_growing or not (form.is_valid() & forms.is_valid()):
        return _render(request, values, 200 if is_growing else 422)
    plan = {"capacity": form.cleaned_data["capacity"], "programmes": drafts_from(forms, stored)}
    done = HttpResponseRedirect(f"{reverse('school:plan')}?season={season.public_id}")
    try:
        plans.draft(by=request.actor, school=school, season=season, seen=read_displayed(request, data).version, **plan)
    except Refused as refusal:
        now, sent = _stored(_find_plan(request, school, season)), describe_plan(**plan)
        if isinstance(refusal, VersionConflict) and now.values == sent:
            return done  # The same plan sent twice is saved.
        add_refusal(form, refusal)
        values |= whole_form_values(request, now, data, lambda: sent, refusal)
        return _render(request, values | {"refusal": refusal}, refusal.status)
    return done


def _render(request: Request, values: dict[str, Any], status: int = 200) -> HttpResponse:
    values["again"] = f"{request.path}?season={values['season'].public_id}"
    return page(request, "plans/plan_edit", values, status=status)
