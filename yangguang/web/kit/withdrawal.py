"""The proposals of a desk, and withdrawing what waits for another person with the words of why. (F-I6)"""

from collections.abc import Mapping
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from yangguang import clock
from yangguang.actions.accounts import proposals as acts
from yangguang.models import Proposal
from yangguang.queries.accounts.proposals import list_ended_proposals, list_open_proposals
from yangguang.queries.seasons.policy_rules import rule_at
from yangguang.rules.accounts.rights import Right
from yangguang.rules.seasons import policy_keys
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, Effects, confirm_or_refuse, submitted_data
from yangguang.web.kit.paging import page_of

ENDED = 10
"""Proposals that ended without being done and are still listed."""


class WithdrawForm(forms.Form):
    """Why it is withdrawn, in words that the other side reads."""

    reason = forms.CharField(
        label="撤回的原因",
        max_length=100,
        help_text="对方会原样看到",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def describe_withdrawal(proposal: Proposal) -> Effects:
    """What ends and what stays when a proposal is withdrawn."""
    return [
        (f"{proposal.proposed_by}提请的“{proposal.label}”不再等待第二个人，也不能再批准。", False),
        ("其他什么都不改变；同样的内容可以重新提请。同事在失效的提请里看到您写的原因。", False),
    ]


def list_proposals(request: Request, pages: Mapping[str, tuple[str, str]]) -> dict[str, object]:
    """The values of `kit/proposals.html`: what waits, the oldest first, and what ended lately without being done.

    Args:
        pages: by the name of an act, the page on which the second person does it: label and name of its route.
    """
    listed = page_of(request, list_open_proposals(request.actor), ("proposed_at", "public_id"))
    return {
        "rows": [(proposal, *pages.get(proposal.action, ("", ""))) for proposal in listed.rows],
        "list": listed,
        "ended": list_ended_proposals(request.actor, ENDED),
        "days": rule_at(clock.now(), policy_keys.PROPOSAL_DAYS),
        "may_withdraw": request.actor.may(Right.PROPOSAL_WITHDRAW),
    }


def withdraw_proposal(request: Request, proposal: UUID, back: str, layout: dict[str, object]) -> HttpResponse:
    """Why, then what ends and what does not change, then the signature.

    Args:
        back: address of the desk's proposals. layout: the desk's values of a page.
    """
    rows = Proposal.objects.for_actor(request.actor, Right.PROPOSAL_WITHDRAW).select_related("proposed_by")
    row = rows.get_or_not_found(public_id=proposal)
    title = f"撤回“{row.label}”的提请？"
    form = WithdrawForm(submitted_data(request) if request.method == "POST" else None)
    if form.is_valid():
        prepared = acts.withdraw.prepare(by=request.actor, proposal=row, reason=form.cleaned_data["reason"])
        ask = Confirmation(title, "撤回提请", describe_withdrawal(row), back, context=layout)
        return confirm_or_refuse(request, prepared, lambda: ask)
    values = {"title": title, "row": row, "form": form, "back": back}
    return render(request, "kit/withdraw.html", layout | values, status=422 if form.errors else 200)
