"""Withdrawal requests at a school, and the school's comment within its time limit. (F-N5)"""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang import clock
from yangguang.actions.admissions import withdrawals as actions
from yangguang.models import Withdrawal
from yangguang.queries.admissions.withdrawal_clocks import explain_unknown
from yangguang.queries.admissions.withdrawals import list_ended, list_running, select_for_school
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions.withdrawal_states import REQUESTED
from yangguang.rules.base.refusals import Refused
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, confirm, redirect_to, submitted_data
from yangguang.web.kit.forms import add_refusal
from yangguang.web.school.base.layout import layout_context, own_school, page, season_of

AGREES, OBJECTS = "agrees", "objects"


class CommentForm(forms.Form):
    """No objection, or a comment for the student; the school has no veto."""

    opinion = forms.ChoiceField(
        label="学校意见",
        choices=[(AGREES, "没有异议，立即退录"), (OBJECTS, "有意见，写给学生看；到期仍会退录")],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label="意见",
        help_text="学生会原样看到；最多200字，不要写完整的身份证号和手机号",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_safe
def withdrawals(request: Request) -> HttpResponse:
    """The running requests, then those that have ended."""
    own_school(request, Right.WITHDRAWAL_COMMENT)
    season = season_of(request)
    running = list_running(request.actor)
    values = {
        "season": season,
        "at": clock.now(),
        "running": running,
        "unknown": explain_unknown(running),
        "ended": list_ended(request.actor, season),
    }
    return page(request, "admissions/withdrawals", values)


@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: Request, withdrawal: UUID) -> HttpResponse:
    """One request with the form for the school's comment."""
    row: Withdrawal = select_for_school(request.actor).get_or_not_found(public_id=withdrawal)
    form = CommentForm(submitted_data(request) if request.method == "POST" else None)
    if form.is_valid():
        agrees, text = form.cleaned_data["opinion"] == AGREES, form.cleaned_data["text"]
        prepared = actions.comment.prepare(by=request.actor, withdrawal=row, agrees=agrees, text=text)
        done = redirect_to(reverse("school:releases"))
        try:
            return confirm(request, prepared, lambda: _confirmation(request, row, agrees=agrees), done)
        except Refused as refusal:
            add_refusal(form, refusal)
    values = {"withdrawal": row, "form": form, "at": clock.now(), "may_comment": row.state == REQUESTED}
    values["unknown"] = explain_unknown([row])
    return page(request, "admissions/withdrawal", values, status=422 if form.errors else 200)


def _confirmation(request: Request, withdrawal: Withdrawal, *, agrees: bool) -> Confirmation:
    act, effects = "没有异议", [("学生立即退录，名额立即释放，不能撤回。", True)]
    if not agrees:
        act = "提交意见"
        effects = [("意见立即发给学生，不能更改。", True), ("学校不能否决：到期没有撤回的，仍会退录。", False)]
    back = reverse("school:release", args=[withdrawal.public_id])
    return Confirmation(f"{act}？", act, effects, back, is_danger=agrees, context=layout_context(request))
