"""The school's plan of a season: its programmes, where it lies, who passed it; sending it up. (R1.03, F-C2)"""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang import clock
from yangguang.actions.plans import plans
from yangguang.models import Plan, Programme
from yangguang.queries.plans.approval_steps import steps
from yangguang.queries.publicity.public_home import season_clock
from yangguang.queries.seasons.seasons import seasons
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import IllegalMove, Refused
from yangguang.rules.seasons.rounds import WindowKind
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, confirm, redirect_to
from yangguang.web.school.base.layout import framed, own_school, page, season_of

EFFECTS = [
    ("上报后不能再修改，除非主管部门退回。", True),
    ("计划由主管部门逐级审核，省级统一公布。", False),
]


@require_safe
def plan(request: Request) -> HttpResponse:
    """The plan with its programmes and its way through the desks."""
    return _shown(request)


def _shown(request: Request, refusal: Refused | None = None) -> HttpResponse:
    school, season, at = own_school(request, Right.PLAN_DRAFT), season_of(request), clock.now()
    rows = Plan.objects.for_actor(request.actor, Right.PLAN_DRAFT).filter(school=school, season=season)
    found = rows.select_related("school").first()
    programmes = Programme.objects.for_actor(request.actor, Right.PLAN_DRAFT).filter(plan=found)
    shown = list(programmes.prefetch_related("quotas").order_by("code")) if found else []
    values = {
        "school": school,
        "season": season,
        "seasons": seasons(),
        "plan": found,
        "programmes": shown,
        "total": sum(programme.seats for programme in shown),
        "history": steps(found) if found else [],
        "entry": next((t for t in season_clock(season, at) if t.kind is WindowKind.PLAN_ENTRY), None),
        "refusal": refusal,
    }
    return page(request, "plans/plan", values, status=refusal.status if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: Request) -> HttpResponse:
    """Send the plan up, after its effects were read.

    Raises:
        IllegalMove: there is no plan yet.
    """
    school, season = own_school(request, Right.PLAN_DRAFT), season_of(request)
    rows = Plan.objects.for_actor(request.actor, Right.PLAN_DRAFT).filter(school=school, season=season)
    found = rows.first()
    if found is None:
        raise IllegalMove("本季还没有编报计划", now="请先填写并保存计划，再上报")
    back = f"{reverse('school:plan')}?season={season.public_id}"
    page = Confirmation(f"上报{season}计划？", "上报计划", EFFECTS, back, context=framed(request))
    prepared = plans.submit.prepare(by=request.actor, plan=found, season=season)
    try:
        return confirm(request, prepared, lambda: page, redirect_to(back))
    except Refused as refusal:
        return _shown(request, refusal)
