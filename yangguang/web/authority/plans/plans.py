"""Plans under review: the queue of this desk, and one plan with its programmes and its way. (R1.03, F-C2)"""

from uuid import UUID

from django import forms
from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang.models import Plan, Programme
from yangguang.queries.plans.approval_steps import lies_on, on_desk, steps
from yangguang.queries.seasons.seasons import seasons
from yangguang.rules.accounts.rights import Right
from yangguang.rules.plans import plan_states
from yangguang.rules.plans.approval_chain import rank
from yangguang.web.authority.base.layout import page, season_of
from yangguang.web.kit.actor import Request
from yangguang.web.kit.forms import Filters
from yangguang.web.kit.paging import page_of

MINE = "mine"
TABS = {
    MINE: "轮到本单位",
    "review": "审核中",
    plan_states.APPROVED: "待公布",
    plan_states.PUBLISHED: "已公布",
    plan_states.DRAFTED: "编报中",
    "all": "全部",
}


class RemarkForm(forms.Form):
    """What the desk says to the school and the next desk."""

    remark = forms.CharField(
        label="审核意见", max_length=200, required=False, help_text="退回时必须写明原因，学校会看到",
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class PlanFilters(Filters):
    """Part of a school's name."""

    school = forms.CharField(label="学校", max_length=60)


@require_safe
def plans(request: Request) -> HttpResponse:
    """The plans in reach, by whose turn it is."""
    season, form = season_of(request), PlanFilters(request.GET)
    tab = request.GET.get("tab", MINE) if request.GET.get("tab") in TABS else MINE
    mine = on_desk(request.actor, season)
    rows = Plan.objects.for_actor(request.actor, Right.PLAN_APPROVE).filter(_of_tab(tab, mine), season=season)
    if school := (form.chosen["school"] or "").strip():
        rows = rows.filter(school__name__icontains=school)
    rows = rows.select_related("school__parent").annotate(
        programme_count=Count("programmes"), seats=Sum("programmes__seats")
    )
    query = f"&season={season.public_id}"
    values = {
        "season": season, "seasons": seasons(), "filter": form, "tab": tab, "may_publish": may_publish(request),
        "tabs": [(says, f"?tab={name}{query}", name == tab, len(mine) if name == MINE else None)
                 for name, says in TABS.items()],
        "list": page_of(request, rows, ("school__code",)),
    }  # fmt: skip
    return page(request, "plans/plans", values)


def _of_tab(tab: str, mine: list[int]) -> Q:
    if tab == MINE:
        return Q(pk__in=mine)
    if tab == "review":
        return Q(state__in=plan_states.TRANSITIONS["return_back"].froms)
    return Q() if tab == "all" else Q(state=tab)


@require_safe
def plan(request: Request, plan: UUID) -> HttpResponse:
    """One plan."""
    return shown(request, plan, RemarkForm())


def shown(request: Request, public_id: UUID, form: RemarkForm, status: int = 200) -> HttpResponse:
    """The page of one plan with the remark as it was typed."""
    rows = Plan.objects.for_actor(request.actor, Right.PLAN_APPROVE).select_related(
        "school__parent", "season"
    )
    found: Plan = rows.get_or_not_found(public_id=public_id)
    programmes = Programme.objects.for_actor(request.actor, Right.PLAN_APPROVE).filter(plan=found)
    listed = list(programmes.prefetch_related("quotas").order_by("code"))
    values = {
        "plan": found,
        "programmes": listed,
        "total": sum(programme.seats for programme in listed),
        "history": steps(found),
        "form": form,
        "is_mine": lies_on(request.actor, found),
        "trail": [("计划审核", reverse("authority:plans")), (found.school.name, "")],
    }
    return page(request, "plans/plan", values, status=status)


def may_publish(request: Request) -> bool:
    """Only the province publishes."""
    return bool(request.actor.path) and rank(request.actor.path) == "PROVINCE"
