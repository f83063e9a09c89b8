"""递补应答 and 自动应答: the effects first, then the code. (R6.02, F-D8, F-D13)"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang import clock
from yangguang.actions.admissions import answers, waiting_list_actions
from yangguang.actions.base.action import Prepared
from yangguang.models import Application, StandingAnswer, WaitingOffer
from yangguang.queries.admissions.current_admission import held_by
from yangguang.queries.applicants import student_home
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions.offer_states import OPEN
from yangguang.rules.base.refusals import Refused
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, confirm, redirect_to, submitted_data
from yangguang.web.kit.forms import beside
from yangguang.web.student.admissions.answer_effects import (
    OfferAnswer,
    auto_effects,
    offer_answers,
    offer_effects,
)
from yangguang.web.student.base.layout import frame, show

two_ways = require_http_methods(["GET", "HEAD", "POST"])
MOST = 6


class OfferForm(forms.Form):
    """One of the answers to an offer."""

    answer = forms.ChoiceField(label="您的应答", choices=OfferAnswer.choices(), widget=forms.RadioSelect)


class AutoForm(forms.Form):
    """Until which choice offers are accepted without asking."""

    up_to = forms.TypedChoiceField(
        label="自动接受",
        coerce=int,
        choices=[(0, "不用自动应答，每次由我本人应答"), (1, "只自动接受第 1 志愿")]
        + [(n, f"自动接受第 1 至第 {n} 志愿") for n in range(2, MOST + 1)],
        widget=forms.RadioSelect,
    )


@two_ways
def offer(request: Request, offer: UUID) -> HttpResponse:
    """An offer with its possible answers; then the effects of the chosen one and its code."""
    rows = WaitingOffer.objects.for_actor(request.actor, Right.ADMISSION_ACCEPT)
    rows = rows.select_related("school", "programme", "round", "application")
    found = rows.get_or_not_found(public_id=offer)
    form = OfferForm(submitted_data(request) if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        chosen, home = OfferAnswer(form.cleaned_data["answer"]), _home(found.application)
        try:
            return confirm(
                request, _prepared(request, found, chosen), lambda: _page(request, found, chosen), home
            )
        except Refused as refusal:
            beside(form, refusal)
            return _shown(request, found, form, refusal.status)
    return _shown(request, found, form, 422 if form.errors else 200)


def _shown(request: Request, found: WaitingOffer, form: OfferForm, status: int) -> HttpResponse:
    at, held = clock.now(), held_by(found.application)
    is_open = found.state == OPEN and at < found.answer_by
    answered = [(one, offer_effects(found, held, one)) for one in offer_answers(found)] if is_open else []
    values = {"title": "递补应答", "offer": found, "held": held, "form": form, "at": at, "answers": answered,
              "is_open": is_open}  # fmt: skip
    return show(
        request, "student/admissions/waiting_offer.html", values, application=found.application, status=status
    )


def _prepared(request: Request, found: WaitingOffer, answer: OfferAnswer) -> Prepared[Any]:
    if answer is OfferAnswer.DECLINE:
        return waiting_list_actions.decline.prepare(by=request.actor, offer=found)
    return waiting_list_actions.accept.prepare(by=request.actor, offer=found, wait=answer is OfferAnswer.WAIT)


def _page(request: Request, found: WaitingOffer, answer: OfferAnswer) -> Confirmation:
    return Confirmation(
        f"{answer.label}：{found.school.name} · {found.programme.major}？",
        answer.label,
        offer_effects(found, held_by(found.application), answer),
        reverse("student:offer", args=[found.public_id]),
        is_danger=answer is OfferAnswer.DECLINE,
        context=frame(request, "递补应答", found.application),
    )


def _home(application: Application) -> Callable[[object], HttpResponse]:
    return redirect_to(reverse("student:progress", args=[application.public_id]))


@two_ways
def auto(request: Request, application: UUID) -> HttpResponse:
    """Set, change or switch off the standing wish of one application."""
    found = student_home.application(request.actor, application)
    kept = StandingAnswer.objects.for_actor(request.actor).filter(application=found).first()
    data = submitted_data(request) if request.method == "POST" else None
    form = AutoForm(data, initial={"up_to": kept.up_to if kept else 0})
    if request.method == "POST" and form.is_valid():
        up_to = form.cleaned_data["up_to"]
        prepared = answers.set_auto.prepare(by=request.actor, application=found, up_to=up_to)
        return confirm(request, prepared, lambda: _auto_page(request, found, up_to), _home(found))
    values = {"title": "自动应答", "form": form, "kept": kept}
    return show(
        request,
        "student/admissions/standing_answer.html",
        values,
        application=found,
        status=422 if form.errors else 200,
    )


def _auto_page(request: Request, application: Application, up_to: int) -> Confirmation:
    act = "设定自动应答" if up_to else "关闭自动应答"
    back = reverse("student:auto", args=[application.public_id])
    context = frame(request, "自动应答", application)
    return Confirmation(f"{act}？", act, auto_effects(up_to), back, context=context)
