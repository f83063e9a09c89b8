"""The student's withdrawal request: its due time, the school's comment, and taking it back. (F-N5)"""

from datetime import datetime
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang import clock
from yangguang.actions.admissions import withdrawals
from yangguang.models import Admission, Withdrawal
from yangguang.queries.admissions.current_admission import has_record
from yangguang.queries.admissions.withdrawal_clocks import compute_due, explain_unknown
from yangguang.queries.admissions.withdrawals import find_latest_withdrawal
from yangguang.queries.choices.programme_options import rounds_for
from yangguang.queries.runs.later_rounds import find_later_rounds
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions.admission_states import MAY_WITHDRAW
from yangguang.rules.admissions.withdrawal_states import RUNNING
from yangguang.rules.admissions.withdrawals import WithdrawalReason
from yangguang.rules.base.refusals import NotFound, Refused
from yangguang.rules.runs.later_rounds import NONE_LEFT, rounds_of_origin
from yangguang.rules.seasons.windows import format_spoken
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, confirm, redirect_to, submitted_data
from yangguang.web.kit.forms import add_refusal
from yangguang.web.student.admissions.answer_effects import with_later_rounds
from yangguang.web.student.applicants.timeline_events import seat_actions
from yangguang.web.student.base.layout import confirm_or_refuse, confirmation, layout_context, refused, render_page


class WithdrawalForm(forms.Form):
    """The coded reason, and an optional note."""

    reason = forms.ChoiceField(label="为什么不去了", choices=WithdrawalReason.choices(), widget=forms.RadioSelect)
    note = forms.CharField(
        label="补充说明",
        help_text="学校会看到；最多200字，不要写完整的身份证号和手机号",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, admission: UUID) -> HttpResponse:
    """The running request, or the form for a new one."""
    row = _get_admission(request, admission)
    form = WithdrawalForm(submitted_data(request) if request.method == "POST" else None)
    if form.is_valid():
        reason, note = WithdrawalReason(form.cleaned_data["reason"]), form.cleaned_data["note"]
        prepared = withdrawals.ask.prepare(by=request.actor, admission=row, reason=reason, note=note)
        back = _get_address(row)
        try:
            return confirm(request, prepared, lambda: _confirm_request(request, row), redirect_to(back))
        except Refused as refusal:
            if refusal.where not in form.fields:  # The page may have no form to show it beside.
                return refused(request, refusal, back, layout_context(request, "退名额", row.application))
            add_refusal(form, refusal)
    return _render(request, row, form)


def _render(request: Request, admission: Admission, form: WithdrawalForm) -> HttpResponse:
    at, latest = clock.now(), find_latest_withdrawal(admission.pk)
    is_running = latest is not None and latest.state in RUNNING
    due = compute_due(at)
    values = {
        "title": "退名额",
        "admission": admission,
        "latest": latest,
        "is_running": is_running,
        "form": form,
        "at": at,
        "has_record": has_record(admission),
        "due": due,
        "unknown": explain_unknown([latest] if latest else []),
        **_describe_later(admission, due.earliest, at),
        "may_withdraw": admission.state in MAY_WITHDRAW and not is_running,
    }
    template, status = "student/admissions/withdrawal.html", 422 if form.errors else 200
    return render_page(request, template, values, application=admission.application, status=status)


def _describe_later(admission: Admission, ends: datetime, at: datetime) -> dict[str, object]:
    """What this person may still do once the seat is gone at `ends`, and where it can be exchanged at `at`."""
    rounds = find_later_rounds(admission.application.season_id, ends, beside=admission.round)
    seat = seat_actions(admission, rounds_for(admission.application, at), has_record=False)
    later = rounds_of_origin(rounds, admission.application.origin)
    return {"later": later, "none_left": NONE_LEFT, "transfer_round": seat["transfer_round"]}


@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: Request, admission: UUID) -> HttpResponse:
    """Take the latest request back; the seat stays the student's."""
    row = _get_admission(request, admission)
    latest = find_latest_withdrawal(row.pk)
    if latest is None:
        raise NotFound("没有退名额的申请", now="请从“我的进度”重新进入")
    own = Withdrawal.objects.for_actor(request.actor, Right.WITHDRAWAL_ASK)
    prepared = withdrawals.take_back.prepare(by=request.actor, withdrawal=own.get_or_not_found(pk=latest.pk))
    effects = [(f"退名额的申请作废，您在“{row.school.name} · {row.programme.major}”的名额继续保留。", False)]
    back, application = _get_address(row), row.application
    page = confirmation(request, "退名额", "撤回退名额的申请？", "撤回申请", effects, back, application)
    return confirm_or_refuse(request, prepared, page, back)


def _get_admission(request: Request, public_id: UUID) -> Admission:
    rows = Admission.objects.for_actor(request.actor, Right.WITHDRAWAL_ASK)
    rows = rows.select_related("school", "programme", "round", "application")
    row: Admission = rows.get_or_not_found(public_id=public_id)
    return row


def _get_address(admission: Admission) -> str:
    return reverse("student:release", args=[admission.public_id])


def _confirm_request(request: Request, admission: Admission) -> Confirmation:
    due = compute_due(clock.now())
    end = (
        f"过了{format_spoken(due.at, closing=True).removesuffix('前')}"
        if due.at
        else f"{due.unknown}，算出来以后通知您；到期时"
    )
    seat = f"“{admission.school.name} · {admission.programme.major}”"
    effects = [
        (f"{end}，您失去{seat}的名额，不能恢复。", True),
        ("学校可以在这之前提意见，您会看到；学校不能否决。", False),
        ("到期之前，名额仍是您的，您随时可以撤回申请。", False),
    ]
    back, application = _get_address(admission), admission.application
    effects = with_later_rounds(effects, application, due.earliest, beside=admission.round)
    return confirmation(request, "退名额", "申请退名额？", "申请退名额", effects, back, application, is_danger=True)
