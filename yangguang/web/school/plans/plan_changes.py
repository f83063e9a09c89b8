"""The school asks for other seats of a published programme, and withdraws that while it waits. (R4.01, F-C2)"""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang.actions.plans import plan_changes as acts
from yangguang.models import Programme, Quota
from yangguang.queries.plans.plan_changes import select_changes
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
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
from yangguang.web.kit.withdrawal import WithdrawForm
from yangguang.web.school.base.layout import layout_context, page

MOST = 99_999


class PlanChangeForm(forms.Form):
    """The wanted seats of each quota, by its code, and why."""

    def __init__(self, quotas: list[Quota], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.codes = [quota.code for quota in quotas]
        for quota in quotas:
            self.fields[quota.code] = forms.IntegerField(
                label=f"{quota.name}名额调整为",
                initial=quota.seats,
                min_value=0,
                max_value=MOST,
                help_text=f"现在 {quota.seats}，学生已占 {quota.taken}，不能少于已占的",
            )
        self.fields["reason"] = forms.CharField(
            label="调整理由",
            max_length=200,
            help_text="写明为什么要调整；批准后与变更历史一起公开",
            widget=forms.Textarea(attrs={"rows": 3}),
        )

    @property
    def seats(self) -> dict[str, int]:
        """Wanted seats by code of the quota."""
        return {code: self.cleaned_data[code] for code in self.codes}


@require_http_methods(["GET", "HEAD", "POST"])
def request_change(request: Request, programme: UUID) -> HttpResponse:
    """The form, then what follows, then the signature; the plan changes only when the bureau approves."""
    rows = Programme.objects.for_actor(request.actor, Right.PLAN_CHANGE_REQUEST)
    row: Programme = rows.select_related("plan__school", "plan__season").get_or_not_found(public_id=programme)
    form = PlanChangeForm(list(row.quotas.all()), submitted_data(request) if request.method == "POST" else None)
    back = f"{reverse('school:plan')}?season={row.plan.season.public_id}"
    if form.is_valid():
        values = {"seats": form.seats, "reason": form.cleaned_data["reason"]}
        prepared = acts.request_change.prepare(by=request.actor, plan=row.plan, programme=row, **values)
        try:
            return confirm(request, prepared, lambda: _ask(request, row, form, back), redirect_to(back))
        except Refused as refusal:
            add_refusal(form, refusal)
    values = {"programme": row, "plan": row.plan, "form": form, "back": back}
    values["trail"] = [("招生计划", back), (f"调整{row.major}", "")]
    return page(request, "plans/plan_change", values, status=422 if form.errors else 200)


def _ask(request: Request, row: Programme, form: PlanChangeForm, back: str) -> Confirmation:
    now = {quota.code: quota for quota in row.quotas.all()}
    effects: Effects = [
        (f"{now[code].name}名额：申请由 {now[code].seats} 调整为 {number}。", False)
        for code, number in form.seats.items()
        if number != now[code].seats
    ]
    effects += [
        ("申请送主管部门；批准须由主管部门两人办理，批准以前计划一点不变。", False),
        ("学生已占的名额任何时候都不减少。", False),
    ]
    return Confirmation(f"申请调整“{row.major}”的计划？", "提交申请", effects, back, context=layout_context(request))


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, change: UUID) -> HttpResponse:
    """Withdraw the school's own request: why, then what follows, then the signature."""
    row = select_changes(request.actor, Right.PLAN_CHANGE_REQUEST).get_or_not_found(public_id=change)
    back = f"{reverse('school:plan')}?season={row.programme.plan.season.public_id}"
    title = f"撤回对“{row.programme.major}”的调整申请？"
    form = WithdrawForm(submitted_data(request) if request.method == "POST" else None)
    if form.is_valid():
        prepared = acts.withdraw.prepare(by=request.actor, change=row, reason=form.cleaned_data["reason"])
        effects = [("主管部门不再办理这份申请，看到您写的原因。", False), ("计划不变；可以重新申请。", False)]
        context = layout_context(request)
        return confirm_or_refuse(
            request, prepared, lambda: Confirmation(title, "撤回申请", effects, back, context=context)
        )
    values = {"title": title, "row": row, "form": form, "back": back}
    return render(request, "kit/withdraw.html", layout_context(request) | values, status=422 if form.errors else 200)
