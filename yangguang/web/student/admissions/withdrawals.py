"""退录 and 换录 as the student does them: the clock, the school's word, the way back. (F-D11, F-N5)"""

from uuid import UUID

from django import forms
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang import clock
from yangguang.actions.admissions import transfers, withdrawals
from yangguang.models import Admission, Programme, Withdrawal
from yangguang.queries.admissions.current_admission import has_record, held_by
from yangguang.queries.admissions.withdrawals import due_at, newest_of
from yangguang.queries.applicants import student_home
from yangguang.queries.choices.programme_options import offer_named, rounds_for
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions.withdrawal_states import RUNNING
from yangguang.rules.admissions.withdrawals import Why
from yangguang.rules.base.refusals import NotFound, Refused
from yangguang.rules.seasons.windows import format_instant
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, confirm, redirect_to, submitted_data
from yangguang.web.kit.forms import beside
from yangguang.web.student.base.layout import frame, refused, show
from yangguang.web.student.choices.draft import picked

two_ways = require_http_methods(["GET", "HEAD", "POST"])


class ReleaseForm(forms.Form):
    """The coded reason, and a word of one's own."""

    why = forms.ChoiceField(label="退录原因", choices=Why.choices(), widget=forms.RadioSelect)
    note = forms.CharField(
        label="补充说明",
        help_text="学校会看到；最多200字，不要写完整的身份证号和手机号",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _admission(request: Request, public_id: UUID) -> Admission:
    rows = Admission.objects.for_actor(request.actor, Right.WITHDRAWAL_ASK)
    rows = rows.select_related("school", "programme", "round", "application")
    found: Admission = rows.get_or_not_found(public_id=public_id)
    return found


@two_ways
def release(request: Request, admission: UUID) -> HttpResponse:
    """The request with its clock, or the form that asks for one."""
    found = _admission(request, admission)
    form = ReleaseForm(submitted_data(request) if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        why, note = Why(form.cleaned_data["why"]), form.cleaned_data["note"]
        prepared = withdrawals.ask.prepare(by=request.actor, admission=found, why=why, note=note)
        back = _release_url(found)
        try:
            return confirm(request, prepared, lambda: _asking(request, found), redirect_to(back))
        except Refused as refusal:
            if refusal.where not in form.fields:  # The page may have no form to show it at.
                return refused(request, "退录", refusal, back, found.application)
            beside(form, refusal)
    return _shown(request, found, form)


def _shown(request: Request, found: Admission, form: ReleaseForm) -> HttpResponse:
    at, newest = clock.now(), newest_of(found.pk)
    running = newest if newest is not None and newest.state in RUNNING else None
    values = {
        "title": "退录", "admission": found, "newest": newest, "running": running, "form": form, "at": at,
        "record": has_record(found), "due": due_at(at),
        "may": found.state in ("ACCEPTED", "WAITING", "CHECKED_IN") and running is None,
    }  # fmt: skip
    status = 422 if form.errors else 200
    return show(
        request, "student/admissions/withdrawal.html", values, application=found.application, status=status
    )


def _asking(request: Request, found: Admission) -> Confirmation:
    until = format_instant(due_at(clock.now()), closing=True)
    effects = [
        (f"到{until}，您失去“{found.school.name} · {found.programme.major}”的名额，不能恢复。", True),
        ("学校可以在这之前提意见，您会看到；学校不能否决。", False),
        ("到期之前，名额仍是您的，您随时可以撤回申请。", False),
        ("退录之后，您可以参加之后的补录或免试注册。", False),
    ]
    return Confirmation(
        "申请退录？",
        "申请退录",
        effects,
        _release_url(found),
        is_danger=True,
        context=frame(request, "退录", found.application),
    )


def _release_url(found: Admission) -> str:
    return reverse("student:release", args=[found.public_id])


@two_ways
def take_back(request: Request, admission: UUID) -> HttpResponse:
    """Stay after all."""
    found = _admission(request, admission)
    newest = newest_of(found.pk)
    if newest is None:
        raise NotFound("没有退录申请", now="请从“我的进度”重新进入")
    asked: Withdrawal = Withdrawal.objects.for_actor(request.actor, Right.WITHDRAWAL_ASK).get_or_not_found(
        pk=newest.pk
    )
    effects = [(f"退录申请作废，您在“{found.school.name} · {found.programme.major}”的名额继续保留。", False)]
    back = _release_url(found)
    page = Confirmation(
        "撤回退录申请？", "撤回申请", effects, back, context=frame(request, "退录", found.application)
    )
    prepared = withdrawals.take_back.prepare(by=request.actor, release=asked)
    try:
        return confirm(request, prepared, lambda: page, redirect_to(back))
    except Refused as refusal:
        return refused(request, "退录", refusal, back, found.application)


@two_ways
def transfer(request: Request, application: UUID, number: int, programme: UUID) -> HttpResponse:
    """Give the seat held now back and take this one, in one step."""
    found = student_home.application(request.actor, application)
    at = clock.now()
    here, held = picked(rounds_for(found, at), number), held_by(found)
    offer = offer_named(here.round, programme, found, at) if here is not None else None
    if here is None or offer is None or held is None:
        raise NotFound(
            "没有可以换录的专业", why="您没有名额，或它不在本批次的招生范围内", now="请从本批次的专业中选择"
        )
    programmes = Programme.objects.for_actor(request.actor, Right.PLAN_READ_PUBLISHED)
    chosen: Programme = programmes.get_or_not_found(pk=offer.pk)
    prepared = transfers.transfer.prepare(
        by=request.actor, application=found, round=here.round, programme=chosen
    )
    page = _transfer_page(request, held, here.round.number, offer.name)
    home = reverse("student:progress", args=[found.public_id])
    try:
        return confirm(request, prepared, lambda: page, redirect_to(home))
    except Refused as refusal:
        return refused(request, "换录", refusal, page.back, held.application)


def _transfer_page(request: Request, held: Admission, number: int, name: str) -> Confirmation:
    effects = [
        (f"您失去“{held.school.name} · {held.programme.major}”的名额，不能恢复。", True),
        ("您的候补、递补和退录申请（如有）一并终止。", True),
        (f"您立即被“{name}”录取，视为已接受，名额保留到报到截止。", False),
        ("两件事一起办成；如果新名额没有了，原来的名额不变。", False),
    ]
    back = reverse("student:choices", args=[held.application.public_id, number])
    return Confirmation(
        f"换录到 {name}？",
        "确认换录",
        effects,
        back,
        is_danger=True,
        context=frame(request, "换录", held.application),
        carry=QueryDict(),
    )
