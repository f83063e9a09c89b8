"""递补应答: the student reads the effects of each answer to an offer, then confirms one. (R6.02, F-D8)"""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang import clock
from yangguang.actions.admissions import waiting_list_actions
from yangguang.actions.base.action import Prepared
from yangguang.models import WaitingOffer
from yangguang.queries.admissions.current_admission import find_current_admission
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions.offer_states import OPEN
from yangguang.rules.base.refusals import Refused
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, confirm, redirect_to, submitted_data
from yangguang.web.kit.forms import add_refusal
from yangguang.web.student.admissions.answer_effects import OfferAnswer, describe_offer_answer, list_offer_answers
from yangguang.web.student.base.layout import layout_context, render_page


class OfferForm(forms.Form):
    """One of the answers to an offer."""

    answer = forms.ChoiceField(label="您的应答", choices=OfferAnswer.choices(), widget=forms.RadioSelect)


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: Request, offer: UUID) -> HttpResponse:
    """An offer with its possible answers, then the confirmation of the chosen one."""
    rows = WaitingOffer.objects.for_actor(request.actor, Right.ADMISSION_ACCEPT)
    rows = rows.select_related("school", "programme", "round", "application")
    row: WaitingOffer = rows.get_or_not_found(public_id=offer)
    form = OfferForm(submitted_data(request) if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        answer = OfferAnswer(form.cleaned_data["answer"])
        home = redirect_to(reverse("student:progress", args=[row.application.public_id]))
        prepared = _prepare(request, row, answer)
        try:
            return confirm(request, prepared, lambda: _build_confirmation(request, row, answer), home)
        except Refused as refusal:
            add_refusal(form, refusal)
            status = refusal.status
    return _render(request, row, form, 422 if form.errors and status == 200 else status)


def _render(request: Request, offer: WaitingOffer, form: OfferForm, status: int) -> HttpResponse:
    at, current = clock.now(), find_current_admission(offer.application)
    is_open = offer.state == OPEN and at < offer.answer_by
    answers = list_offer_answers(offer) if is_open else []
    values = {
        "title": "递补应答",
        "offer": offer,
        "current": current,
        "form": form,
        "at": at,
        "answers": [(answer, describe_offer_answer(offer, current, answer)) for answer in answers],
        "is_open": is_open,
    }
    template = "student/admissions/waiting_offer.html"
    return render_page(request, template, values, application=offer.application, status=status)


def _prepare(request: Request, offer: WaitingOffer, answer: OfferAnswer) -> Prepared[Any]:
    if answer is OfferAnswer.DECLINE:
        return waiting_list_actions.decline.prepare(by=request.actor, offer=offer)
    return waiting_list_actions.accept.prepare(by=request.actor, offer=offer, wait=answer is OfferAnswer.WAIT)


def _build_confirmation(request: Request, offer: WaitingOffer, answer: OfferAnswer) -> Confirmation:
    return Confirmation(
        f"{answer.label}：{offer.school.name} · {offer.programme.major}？",
        answer.label,
        describe_offer_answer(offer, find_current_admission(offer.application), answer),
        reverse("student:offer", args=[offer.public_id]),
        is_danger=answer is OfferAnswer.DECLINE,
        context=layout_context(request, "递补应答", offer.application),
    )
