"""志愿异议 at the desk: look into it, send it back, decide; which schools are named is not shown to anybody. (F-N2)"""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang.actions.choices import disputes as acts
from yangguang.models import ChoiceDispute
from yangguang.queries.choices.choice_history import disputes as seen_by
from yangguang.queries.choices.choice_history import traces
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.rules.choices import dispute_states
from yangguang.rules.choices.dispute_states import Verdict
from yangguang.web.authority.base.layout import confirmation, page
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Effects, confirm, confirm_or_refuse, redirect_to, submitted_data
from yangguang.web.kit.forms import beside
from yangguang.web.kit.paging import page_of

two_ways = require_http_methods(["GET", "HEAD", "POST"])
EFFECTS: dict[Verdict, Effects] = {
    Verdict.RESTORE: [("批准后，学生指认的那一版原样成为新的一版，现在这一版不再有效。", True)],
    Verdict.REFILL: [("批准后，学生本人可以在规则行写明的时间内重新填报；到期前本批次不运算。", False)],
    Verdict.DECLINE: [("批准后，现在的志愿不变；理由会发给学生和监护人。", False)],
}


class LookForm(forms.Form):
    """What the look into it found."""

    verdict = forms.ChoiceField(label="核查意见", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="理由", max_length=200, help_text="怎样核实的、核实到什么；学生会看到，不要写号码。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, of: ChoiceDispute, data: Any = None) -> None:
        super().__init__(data)
        fits = (Verdict.RESTORE if of.back_to_id else Verdict.REFILL, Verdict.DECLINE)
        self.fields["verdict"].choices = [(one.value, one.label) for one in fits]  # type: ignore[attr-defined]


class BackForm(forms.Form):
    """Why the look has to be done again."""

    reason = forms.CharField(
        label="退回原因",
        max_length=200,
        help_text="写明还要核实什么。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def listed(request: Request) -> dict[str, Any]:
    """Those that wait, and those that are done; for every desk that may see them."""
    done = request.GET.get("state") == "done"
    rows = seen_by(request.actor)
    rows = (
        rows.exclude(state__in=dispute_states.WAITING)
        if done
        else rows.filter(state__in=dispute_states.WAITING)
    )
    tabs = [("待办理", "?", not done, None), ("已办结", "?state=done", done, None)]
    return {"tabs": tabs, "list": page_of(request, rows, ("recorded_at", "public_id"))}


@require_safe
def disputes(request: Request) -> HttpResponse:
    """The disputes of this bureau's own students, the oldest first."""
    return page(request, "choices/disputes", listed(request))


@require_safe
def dispute(request: Request, dispute: UUID) -> HttpResponse:
    """One dispute with the versions' traces and what this desk can do."""
    found = _found(request, dispute)
    return _shown(request, found, LookForm(found), BackForm())


@two_ways
def propose(request: Request, dispute: UUID) -> HttpResponse:
    """Say what was found; another officer decides."""
    found, back = _found(request, dispute), reverse("authority:dispute", args=[dispute])
    if request.method != "POST":
        return HttpResponseRedirect(back)
    form = LookForm(found, submitted_data(request))
    if form.is_valid():
        verdict = Verdict(form.cleaned_data["verdict"])
        reason = form.cleaned_data["reason"]
        prepared = acts.propose.prepare(by=request.actor, dispute=found, verdict=verdict, reason=reason)
        effects = [*EFFECTS[verdict], ("您只是提出意见，由另一位工作人员批准后才生效。", False)]
        shown = confirmation(request, f"核查意见：{verdict.label}？", "提出意见", effects, back)
        try:
            return confirm(request, prepared, lambda: shown, redirect_to(back))
        except Refused as refusal:
            beside(form, refusal)
    return _shown(request, found, form, BackForm(), status=422)


@two_ways
def return_back(request: Request, dispute: UUID) -> HttpResponse:
    """Send the look back."""
    found, back = _found(request, dispute), reverse("authority:dispute", args=[dispute])
    if request.method != "POST":
        return HttpResponseRedirect(back)
    form = BackForm(submitted_data(request))
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        prepared = acts.return_back.prepare(by=request.actor, dispute=found, reason=reason)
        effects = [("核查意见作废，由核查的单位重新核实。", False)]
        shown = confirmation(request, "退回核查意见？", "退回", effects, back)
        try:
            return confirm(request, prepared, lambda: shown, redirect_to(back))
        except Refused as refusal:
            beside(form, refusal)
    return _shown(request, found, LookForm(found), form, status=422)


@two_ways
def decide(request: Request, dispute: UUID) -> HttpResponse:
    """Approve what was proposed."""
    found, back = _found(request, dispute), reverse("authority:dispute", args=[dispute])
    effects = EFFECTS[Verdict(found.verdict)] if found.verdict else []
    title = f"批准：{found.get_verdict_display() or '尚无核查意见'}？"
    prepared = acts.decide.prepare(by=request.actor, dispute=found).if_version(found.version)
    shown = confirmation(request, title, "批准", effects, back)
    return confirm_or_refuse(request, prepared, lambda: shown)


def _found(request: Request, public_id: UUID) -> ChoiceDispute:
    rows: Any = seen_by(request.actor)
    found: ChoiceDispute = rows.get_or_not_found(public_id=public_id)
    return found


def _shown(
    request: Request, of: ChoiceDispute, look: LookForm, back: BackForm, status: int = 200
) -> HttpResponse:
    actor = request.actor
    waits = of.state == dispute_states.PROPOSED and of.proposed_by_id != actor.account
    values = {
        "dispute": of,
        "traces": traces(of),
        "look": look if of.state == dispute_states.OPEN and actor.may(Right.DISPUTE_PROPOSE) else None,
        "back": back if waits and actor.may(Right.DISPUTE_DECIDE) else None,
        "mine": of.state == dispute_states.PROPOSED and of.proposed_by_id == actor.account,
        "trail": [
            ("志愿异议", reverse("authority:disputes")),
            (f"{of.round.name}第{of.disputed.number}版", ""),
        ],
    }
    return page(request, "choices/dispute", values, status=status)
