"""Acts of the school that wait for a second person; withdrawing one with the words of why. (F-I6)"""

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
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, confirm_or_refuse, submitted_data
from yangguang.web.kit.paging import page_of
from yangguang.web.kit.withdrawal import WithdrawForm, describe_withdrawal
from yangguang.web.school.base.layout import layout_context, page

PAGES = {"aptitude_test.load": ("自主测试加分", "school:aptitude_tests")}
ENDED = 10


@require_safe
def proposals(request: Request) -> HttpResponse:
    """The open proposals of the school, the oldest first, and those that ended lately without being done."""
    listed = page_of(request, list_open_proposals(request.actor), ("proposed_at", "public_id"))
    values = {
        "rows": [(proposal, *PAGES.get(proposal.action, ("", ""))) for proposal in listed.rows],
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
    back, title = reverse("school:proposals"), f"撤回“{row.label}”的提请？"
    form = WithdrawForm(submitted_data(request) if request.method == "POST" else None)
    if form.is_valid():
        prepared = acts.withdraw.prepare(by=request.actor, proposal=row, reason=form.cleaned_data["reason"])
        context, effects = layout_context(request), describe_withdrawal(row)
        return confirm_or_refuse(
            request, prepared, lambda: Confirmation(title, "撤回提请", effects, back, context=context)
        )
    values = {"title": title, "row": row, "form": form, "back": back}
    return render(request, "kit/withdraw.html", layout_context(request) | values, status=422 if form.errors else 200)
