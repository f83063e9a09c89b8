"""Acts that wait for a second person, with the page on which that person does the same. (F-I6)"""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang import clock
from yangguang.actions.accounts import proposals as acts
from yangguang.models import Proposal
from yangguang.queries.accounts.proposals import list_ended_proposals, list_open_proposals
from yangguang.queries.seasons.policy_rules import rule_at
from yangguang.rules.accounts.rights import Right
from yangguang.rules.seasons import policy_keys
from yangguang.web.authority.base.layout import confirmation, layout_context, page
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import confirm_or_refuse, submitted_data
from yangguang.web.kit.paging import page_of
from yangguang.web.kit.withdrawal import WithdrawForm, describe_withdrawal

PAGES = {
    "window.set": ("开放时间", "authority:windows"),
    "round.open": ("批次", "authority:rounds"),
    "exam_result.load": ("中招成绩", "authority:scores"),
    "imported.load": ("考试机构结果", "authority:imports"),
    "imported.settle": ("考试机构结果", "authority:imports"),
    "check_in.release_absent": ("批次", "authority:rounds"),
    "plan.change_after_open": ("计划调整申请", "authority:plan_changes"),
    "qualification.publish": ("学校名录", "authority:school_lists"),
}
ENDED = 10


@require_safe
def proposals(request: Request) -> HttpResponse:
    """The open proposals of the unit and below, the oldest first, and those that ended lately without being done."""
    listed = page_of(request, list_open_proposals(request.actor), ("proposed_at", "public_id"))
    rows = [(proposal, *PAGES.get(proposal.action, ("", ""))) for proposal in listed.rows]
    values = {
        "rows": rows,
        "list": listed,
        "ended": list_ended_proposals(request.actor, ENDED),
        "days": rule_at(clock.now(), policy_keys.PROPOSAL_DAYS),
        "may_withdraw": request.actor.may(Right.PROPOSAL_WITHDRAW),
    }
    return page(request, "accounts/proposals", values)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, proposal: UUID) -> HttpResponse:
    """Why, then what ends and what does not change, then the signature."""
    rows = Proposal.objects.for_actor(request.actor, Right.PROPOSAL_WITHDRAW).select_related("proposed_by")
    row = rows.get_or_not_found(public_id=proposal)
    back, title = reverse("authority:proposals"), f"撤回“{row.label}”的提请？"
    form = WithdrawForm(submitted_data(request) if request.method == "POST" else None)
    if form.is_valid():
        prepared = acts.withdraw.prepare(by=request.actor, proposal=row, reason=form.cleaned_data["reason"])
        ask = confirmation(request, title, "撤回提请", describe_withdrawal(row), back)
        return confirm_or_refuse(request, prepared, lambda: ask)
    values = {"title": title, "row": row, "form": form, "back": back}
    return render(request, "kit/withdraw.html", layout_context(request) | values, status=422 if form.errors else 200)
