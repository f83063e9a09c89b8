"""志愿异议 at the authority's desk: examine, return, decide; which schools are named is never displayed. (F-N2)"""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang.actions.base.action import Prepared
from yangguang.actions.choices import disputes as actions
from yangguang.models import ChoiceDispute
from yangguang.queries.choices.choice_history import disputes as visible_disputes
from yangguang.queries.choices.choice_history import list_disputes, versions_for_officer
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.rules.choices import dispute_states
from yangguang.rules.choices.dispute_states import Verdict
from yangguang.web.authority.base.layout import confirmation, page
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Effects, confirm, confirm_or_refuse, redirect_to, submitted_data
from yangguang.web.kit.forms import add_refusal
from yangguang.web.kit.paging import page_of

EFFECTS: dict[Verdict, Effects] = {
    Verdict.RESTORE: [("批准后，学生指认的那一版原样成为新的一版，现在这一版不再有效。", True)],
    Verdict.REFILL: [("批准后，学生本人可以在规则行写明的时间内重新填报；到期前本批次不运算。", False)],
    Verdict.DECLINE: [("批准后，现在的志愿不变；理由会发给学生和监护人。", False)],
}


class ProposalForm(forms.Form):
    """The verdict that the examining officer proposes."""

    verdict = forms.ChoiceField(label="核查意见", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="理由",
        max_length=200,
        help_text="怎样核实的、核实到什么；学生会看到，不要写号码。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, dispute: ChoiceDispute, data: QueryDict | None = None) -> None:
        super().__init__(data)
        verdicts = dispute_states.possible_verdicts(names_version=dispute.back_to_id is not None)
        self.fields["verdict"].choices = [(one.value, one.label) for one in verdicts]  # type: ignore[attr-defined]


class ReturnForm(forms.Form):
    """Why the dispute has to be examined again."""

    reason = forms.CharField(
        label="退回原因", max_length=200, help_text="写明还要核实什么。", widget=forms.Textarea(attrs={"rows": 3})
    )


@require_safe
def disputes(request: Request) -> HttpResponse:
    """The disputes of this bureau's own students, the oldest first."""
    done = request.GET.get("state") == "done"
    rows = list_disputes(request.actor, waiting=not done)
    tabs = [("待办理", "?", not done, None), ("已办结", "?state=done", done, None)]
    values = {"tabs": tabs, "list": page_of(request, rows, ("recorded_at", "public_id"))}
    return page(request, "choices/disputes", values)


@require_safe
def dispute(request: Request, dispute: UUID) -> HttpResponse:
    """One dispute with the versions of its round and what this desk can do."""
    row = _dispute(request, dispute)
    return _render_dispute(request, row, ProposalForm(row), ReturnForm())


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: Request, dispute: UUID) -> HttpResponse:
    """Propose a verdict; another officer decides."""
    row = _dispute(request, dispute)
    if request.method != "POST":
        return HttpResponseRedirect(_address(row))
    form = ProposalForm(row, submitted_data(request))
    if form.is_valid():
        verdict, reason = Verdict(form.cleaned_data["verdict"]), form.cleaned_data["reason"]
        prepared = actions.propose.prepare(by=request.actor, dispute=row, verdict=verdict, reason=reason)
        effects = [*EFFECTS[verdict], ("您只是提出意见，由另一位工作人员批准后才生效。", False)]
        try:
            return _confirm(request, row, prepared, (f"核查意见：{verdict.label}？", "提出意见", effects))
        except Refused as refusal:
            add_refusal(form, refusal)
            return _render_dispute(request, row, form, ReturnForm(), status=refusal.status)
    return _render_dispute(request, row, form, ReturnForm(), status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def return_back(request: Request, dispute: UUID) -> HttpResponse:
    """Return the dispute to be examined again."""
    row = _dispute(request, dispute)
    if request.method != "POST":
        return HttpResponseRedirect(_address(row))
    form = ReturnForm(submitted_data(request))
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        prepared = actions.return_back.prepare(by=request.actor, dispute=row, reason=reason)
        effects: Effects = [("核查意见作废，由核查的单位重新核实。", False)]
        try:
            return _confirm(request, row, prepared, ("退回核查意见？", "退回", effects))
        except Refused as refusal:
            add_refusal(form, refusal)
            return _render_dispute(request, row, ProposalForm(row), form, status=refusal.status)
    return _render_dispute(request, row, ProposalForm(row), form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: Request, dispute: UUID) -> HttpResponse:
    """Approve the proposed verdict."""
    row = _dispute(request, dispute)
    effects = EFFECTS[Verdict(row.verdict)] if row.verdict else []
    title = f"批准：{row.get_verdict_display() or '尚无核查意见'}？"
    prepared = actions.decide.prepare(by=request.actor, dispute=row)
    page = confirmation(request, title, "批准", effects, _address(row))
    return confirm_or_refuse(request, prepared, lambda: page)


def _dispute(request: Request, public_id: UUID) -> ChoiceDispute:
    row: ChoiceDispute = visible_disputes(request.actor).get_or_not_found(public_id=public_id)  # type: ignore[attr-defined]
    return row


def _address(dispute: ChoiceDispute) -> str:
    return reverse("authority:dispute", args=[dispute.public_id])


def _confirm(
    request: Request, dispute: ChoiceDispute, prepared: Prepared[Any], texts: tuple[str, str, Effects]
) -> HttpResponse:
    """Confirm with title, button and effects, then return to the dispute."""
    back = _address(dispute)
    page = confirmation(request, *texts, back)
    return confirm(request, prepared, lambda: page, redirect_to(back))


def _render_dispute(
    request: Request, dispute: ChoiceDispute, proposal: ProposalForm, back: ReturnForm, status: int = 200
) -> HttpResponse:
    actor = request.actor
    is_proposed = dispute.state == dispute_states.PROPOSED
    is_own_proposal = is_proposed and dispute.proposed_by_id == actor.account
    may_propose = dispute.state == dispute_states.OPEN and actor.may(Right.DISPUTE_PROPOSE)
    may_decide = is_proposed and not is_own_proposal and actor.may(Right.DISPUTE_DECIDE)
    name = f"{dispute.round.name}第{dispute.disputed.number}版"
    values = {
        "dispute": dispute,
        "versions": versions_for_officer(dispute),
        "proposal": proposal if may_propose else None,
        "back": back if may_decide else None,
        "is_own_proposal": is_own_proposal,
        "trail": [("志愿异议", reverse("authority:disputes")), (name, "")],
    }
    return page(request, "choices/dispute", values, status=status)
