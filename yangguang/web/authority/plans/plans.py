"""Plans under review: the list by next reviewer and state, and one plan with its programmes and steps. (R1.03, F-C2)"""

from uuid import UUID

from django import forms
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang.models import Plan, Programme, Season
from yangguang.queries.plans.approval_steps import approval_steps, is_next_reviewer, plans_to_review
from yangguang.rules.accounts.rights import Right
from yangguang.rules.plans import plan_states
from yangguang.rules.plans.approval_chain import level_of
from yangguang.web.authority.base.layout import page, season_of
from yangguang.web.kit.actor import Request
from yangguang.web.kit.forms import Filters
from yangguang.web.kit.paging import page_of

OWN = "mine"
TABS = {
    OWN: "轮到本单位",
    "review": "审核中",
    plan_states.APPROVED: "待公布",
    plan_states.PUBLISHED: "已公布",
    plan_states.DRAFTED: "编报中",
    "all": "全部",
}


class RemarkForm(forms.Form):
    """The bureau's remark for the school and the next reviewer."""

    remark = forms.CharField(
        label="审核意见",
        max_length=200,
        required=False,
        help_text="退回时必须写明原因，学校会看到",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PlanFilters(Filters):
    """Part of a school's name."""

    school = forms.CharField(label="学校", max_length=60)


@require_safe
def plans(request: Request) -> HttpResponse:
    """The plans within the actor's scope, by tab."""
    season, form = season_of(request), PlanFilters(request.GET)
    tab = request.GET.get("tab", OWN) if request.GET.get("tab") in TABS else OWN
    own = plans_to_review(request.actor, season)
    rows = _plans_of(request, season, tab, own).filter(school__name__icontains=form.chosen["school"].strip())
    values = {
        "season": season,
        "filter": form,
        "tab": tab,
        "may_publish": may_publish(request),
        "tabs": _tabs(tab, season, len(own)),
        "list": page_of(request, rows, ("school__code",)),
    }
    return page(request, "plans/plans", values)


def _plans_of(request: Request, season: Season, tab: str, own: list[int]) -> QuerySet[Plan]:
    conditions = {OWN: Q(pk__in=own), "review": Q(state__in=plan_states.IN_APPROVAL), "all": Q()}
    plans = Plan.objects.for_actor(request.actor, Right.PLAN_APPROVE).filter(season=season)
    return (
        plans.filter(conditions[tab] if tab in conditions else Q(state=tab))
        .select_related("school__parent")
        .annotate(programme_count=Count("programmes"), seats=Sum("programmes__seats"))
    )


def _tabs(tab: str, season: Season, own: int) -> list[tuple[str, str, bool, int | None]]:
    query = f"&season={season.public_id}"
    return [(label, f"?tab={name}{query}", name == tab, own if name == OWN else None) for name, label in TABS.items()]


@require_safe
def plan(request: Request, plan: UUID) -> HttpResponse:
    """One plan."""
    return render_plan(request, plan, RemarkForm())


def render_plan(request: Request, public_id: UUID, form: RemarkForm, status: int = 200) -> HttpResponse:
    """The page of one plan with the remark as it was typed."""
    plans = Plan.objects.for_actor(request.actor, Right.PLAN_APPROVE)
    plan: Plan = plans.select_related("school__parent", "season").get_or_not_found(public_id=public_id)
    rows = Programme.objects.for_actor(request.actor, Right.PLAN_APPROVE).filter(plan=plan)
    programmes = list(rows.prefetch_related("quotas").order_by("code"))
    values = {
        "plan": plan,
        "programmes": programmes,
        "total": sum(programme.seats for programme in programmes),
        "history": approval_steps(plan),
        "form": form,
        "is_mine": is_next_reviewer(request.actor, plan),
        "trail": [("计划审核", reverse("authority:plans")), (plan.school.name, "")],
    }
    return page(request, "plans/plan", values, status=status)


def may_publish(request: Request) -> bool:
    """Whether the actor is an officer of the province, which alone publishes."""
    return bool(request.actor.path) and level_of(request.actor.path) == "PROVINCE"
