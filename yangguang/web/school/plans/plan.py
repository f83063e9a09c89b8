"""The school's plan of a season: its programmes and the steps of its review; submitting it. (R1.03, F-C2)"""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang import clock
from yangguang.actions.plans import plans
from yangguang.models import Plan, Programme, Season
from yangguang.queries.plans.approval_steps import approval_steps
from yangguang.queries.plans.plan_changes import describe_seats, list_changes_of
from yangguang.queries.publicity.public_home import list_season_windows
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import IllegalMove, Refused
from yangguang.rules.seasons.windows import WindowKind
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, confirm, redirect_to
from yangguang.web.school.base.layout import layout_context, own_school, page, season_of

EFFECTS = [("上报后不能再修改，除非主管部门退回。", True), ("计划由主管部门逐级审核，省级统一公布。", False)]


@require_safe
def plan(request: Request) -> HttpResponse:
    """The plan with its programmes and the steps of its review."""
    return _render_plan(request)


def _render_plan(request: Request, refusal: Refused | None = None) -> HttpResponse:
    season = season_of(request)
    plan = _own_plan(request, season)
    rows = Programme.objects.for_actor(request.actor, Right.PLAN_DRAFT).filter(plan=plan)
    programmes = list(rows.prefetch_related("quotas").order_by("code")) if plan else []
    changes = list_changes_of(request.actor, Right.PLAN_CHANGE_REQUEST, plan) if plan else []
    windows = list_season_windows(season, clock.now())
    values = {
        "season": season,
        "plan": plan,
        "programmes": programmes,
        "total": sum(programme.seats for programme in programmes),
        "changes": [(row, describe_seats(row)) for row in changes],
        "may_withdraw": request.actor.may(Right.PLAN_CHANGE_REQUEST),
        "history": approval_steps(plan) if plan else [],
        "entry": next((one for one in windows if one.kind is WindowKind.PLAN_ENTRY), None),
        "refusal": refusal,
    }
    return page(request, "plans/plan", values, status=refusal.status if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: Request) -> HttpResponse:
    """Submit the plan after its effects were read.

    Raises:
        IllegalMove: there is no plan yet.
    """
    season = season_of(request)
    plan = _own_plan(request, season)
    if plan is None:
        raise IllegalMove("本季还没有编报计划", now="请先填写并保存计划，再上报")
    back = f"{reverse('school:plan')}?season={season.public_id}"
    page = Confirmation(f"上报{season}计划？", "上报计划", EFFECTS, back, context=layout_context(request))
    prepared = plans.submit.prepare(by=request.actor, plan=plan, season=season)
    try:
        return confirm(request, prepared, lambda: page, redirect_to(back))
    except Refused as refusal:
        return _render_plan(request, refusal)


def _own_plan(request: Request, season: Season) -> Plan | None:
    school = own_school(request, Right.PLAN_DRAFT)
    plans = Plan.objects.for_actor(request.actor, Right.PLAN_DRAFT).filter(school=school, season=season)
    plan: Plan | None = plans.select_related("school").first()
    return plan
