"""Requests of schools to change published plans: the list, one request, carrying it out by two people, refusing it with
words. (R4.01, F-C2)
"""

from dataclasses import replace
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang.actions.plans import plan_changes as acts
from yangguang.actions.plans import plans
from yangguang.models import PlanChange
from yangguang.queries.plans.plan_changes import SeatChange, compare_seats, describe_seats, select_changes
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.plan_change_states import REQUESTED
from yangguang.web.authority.base.layout import confirmation, page, season_of
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import (
    Confirmation,
    Effects,
    confirm,
    confirm_or_refuse,
    redirect_to,
    submitted_data,
)
from yangguang.web.kit.forms import add_refusal
from yangguang.web.kit.paging import page_of


class RefuseForm(forms.Form):
    """Why the request is not granted."""

    answer = forms.CharField(
        label="不批准的原因",
        max_length=200,
        help_text="学校会原样看到",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_safe
def changes(request: Request) -> HttpResponse:
    """The requests of a season that wait, or those that are answered."""
    season, answered = season_of(request), request.GET.get("state") == "answered"
    rows = select_changes(request.actor, Right.PLAN_APPROVE).filter(programme__plan__season=season)
    rows = rows.exclude(state=REQUESTED) if answered else rows.filter(state=REQUESTED)
    listed = page_of(request, rows, ("-recorded_at", "-public_id"))
    values = {
        "season": season,
        "list": listed,
        "rows": [(row, describe_seats(row)) for row in listed.rows],
        "tabs": [("待办理", "?", not answered, None), ("已答复", "?state=answered", answered, None)],
        "trail": [("计划审核", f"{reverse('authority:plans')}?season={season.public_id}"), ("计划调整申请", "")],
    }
    return page(request, "plans/plan_changes", values)


@require_safe
def change(request: Request, change: UUID) -> HttpResponse:
    """One request."""
    row = select_changes(request.actor, Right.PLAN_APPROVE).get_or_not_found(public_id=change)
    return _render(request, row, RefuseForm())


def _render(request: Request, row: PlanChange, form: RefuseForm, status: int = 200) -> HttpResponse:
    waits = row.state == REQUESTED
    values = {
        "change": row,
        "seats": compare_seats(row),
        "form": form,
        "may_carry_out": waits and request.actor.may(Right.PLAN_CHANGE_AFTER_OPEN),
        "may_refuse": waits and request.actor.may(Right.PLAN_CHANGE_REFUSE),
        "trail": [("计划调整申请", _list_url(row)), (row.programme.plan.school.name, "")],
    }
    return page(request, "plans/plan_change", values, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def carry_out(request: Request, change: UUID) -> HttpResponse:
    """Approve the request; it takes two people."""
    row = select_changes(request.actor, Right.PLAN_CHANGE_AFTER_OPEN).get_or_not_found(public_id=change)
    prepared = plans.change_after_open.prepare(
        by=request.actor,
        plan=row.programme.plan,
        programme=row.programme,
        seats=row.seats,
        reason=row.reason,
        request=row,
    )
    return confirm_or_refuse(request, prepared, lambda: _ask_carry_out(request, row))


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: Request, change: UUID) -> HttpResponse:
    """Refuse the request with words."""
    row = select_changes(request.actor, Right.PLAN_CHANGE_REFUSE).get_or_not_found(public_id=change)
    form = RefuseForm(submitted_data(request) if request.method == "POST" else None)
    if form.is_valid():
        answer = form.cleaned_data["answer"]
        prepared = acts.refuse.prepare(by=request.actor, change=row, answer=answer)
        title, effects = f"不批准{row.programme.plan.school.name}的申请？", [("计划不变；学校看到您写的原因。", False)]
        ask = confirmation(request, title, "不批准", effects, _list_url(row), remark=answer)
        try:
            return confirm(request, prepared, lambda: ask, redirect_to(ask.back))
        except Refused as refusal:
            add_refusal(form, refusal)
    return _render(request, row, form, status=422 if form.errors else 200)


def _ask_carry_out(request: Request, row: PlanChange) -> Confirmation:
    effects: Effects = [
        *(_describe(one) for one in compare_seats(row)),
        ("没有公布结果的批次按新的名额录取；已公布的结果不变。", False),
        ("学生已占的名额一个也不减少；志愿里填了这个专业的家庭收到短信。", False),
        ("学校在自己的计划页看到答复；新旧两个数和理由都进入公开的变更历史。", False),
    ]
    title = f"批准调整{row.programme.plan.school.name}“{row.programme.major}”的计划？"
    ask = confirmation(request, title, "批准调整", effects, _list_url(row), change=row)
    return replace(ask, template="authority/plans/plan_change_confirm.html")


def _describe(one: SeatChange) -> tuple[str, bool]:
    return f"{one.name}名额由 {one.seats} 调整为 {one.wanted}（已占 {one.taken}）。", one.wanted < one.seats


def _list_url(row: PlanChange) -> str:
    return f"{reverse('authority:plan_changes')}?season={row.programme.plan.season.public_id}"
