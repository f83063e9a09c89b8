"""What a bureau does with a plan: approve it, return it with a reason, publish. (R1.03, F-C2)"""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang.actions.base.action import Action
from yangguang.actions.plans import plans as acts
from yangguang.models import Plan
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.web.authority.base.layout import confirmation, season_of
from yangguang.web.authority.plans.plans import RemarkForm, render_plan
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Effects, confirm, confirm_or_refuse, redirect_to, submitted_data
from yangguang.web.kit.forms import add_refusal

allow_form = require_http_methods(["GET", "HEAD", "POST"])


@allow_form
def pass_on(request: Request, plan: UUID) -> HttpResponse:
    """Approve the plan at this level."""
    effects = [
        ("计划进入下一级审核；省级通过后等待统一公布。", False),
        ("审核意见和本单位名称记入计划的公开历史。", False),
    ]
    return _review(request, plan, acts.pass_on, "审核通过{}的计划？", "审核通过", effects)


@allow_form
def return_back(request: Request, plan: UUID) -> HttpResponse:
    """Return the plan to its school."""
    effects = [
        ("计划退回学校修改，已经通过的各级审核全部作废，重新上报后从头审核。", True),
        ("学校会看到退回原因。", False),
    ]
    return _review(request, plan, acts.return_back, "把计划退回{}？", "退回学校", effects, is_danger=True)


def _review(
    request: Request,
    public_id: UUID,
    action: Action[..., Plan],
    title: str,
    label: str,
    effects: Effects,
    *,
    is_danger: bool = False,
) -> HttpResponse:
    """Act on a plan with the typed remark, after a confirmation page; `title` has a place for the school's name."""
    back = reverse("authority:plan", args=[public_id])
    if request.method != "POST":
        return HttpResponseRedirect(back)
    rows = Plan.objects.for_actor(request.actor, Right.PLAN_APPROVE).select_related("school")
    plan: Plan = rows.get_or_not_found(public_id=public_id)
    data = submitted_data(request)
    form = RemarkForm(data)
    if not form.is_valid():
        return render_plan(request, public_id, form, status=422)
    remark = form.cleaned_data["remark"]
    prepared = action.prepare(by=request.actor, plan=plan, remark=remark)
    title = title.format(plan.school.name)
    page = confirmation(request, title, label, effects, back, is_danger=is_danger, remark=remark)
    try:
        return confirm(request, prepared, lambda: page, redirect_to(back))
    except Refused as refusal:
        add_refusal(form, refusal)
        return render_plan(request, public_id, form, status=refusal.status)


@allow_form
def publish(request: Request) -> HttpResponse:
    """Publish every approved plan of the sector."""
    season = season_of(request)
    back = f"{reverse('authority:plans')}?season={season.public_id}&tab=PUBLISHED"
    effects = [
        (f"{season}所有“省级已审”的本线计划立即向社会公布，学生可以查询和选择。", False),
        ("公布后只能由两人办理调整，每次变更都公开。", True),
    ]
    page = confirmation(request, f"公布{season}计划？", "公布计划", effects, back)
    prepared = acts.publish.prepare(by=request.actor, season=season)
    return confirm_or_refuse(request, prepared, lambda: page)
