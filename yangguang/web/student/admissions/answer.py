"""应答: the student reads the effects of each answer to an admission or an offer, then confirms one.
(R6.02, F-B8, F-D8)
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang import clock
from yangguang.actions.admissions import answers, waiting_list_actions
from yangguang.actions.base.action import Prepared
from yangguang.models import Admission, WaitingOffer
from yangguang.queries.admissions.current_admission import find_current_admission, has_record, name_seat
from yangguang.queries.choices.programme_options import rounds_for
from yangguang.queries.supervision.sanctions import effects_on
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions.admission_states import LIVE, OFFERED
from yangguang.rules.base.refusals import Refused
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Effects, confirm, redirect_to, submitted_data
from yangguang.web.kit.displayed import read_displayed, seal_displayed
from yangguang.web.kit.forms import add_refusal
from yangguang.web.student.admissions.answer_effects import (
    Answer,
    OfferAnswer,
    describe_answer_effects,
    describe_offer_answer,
    describe_offer_what_ifs,
    describe_what_ifs,
    list_answers,
)
from yangguang.web.student.applicants.timeline_events import seat_actions
from yangguang.web.student.base.layout import confirmation, render_page

RELATED = ("school", "programme", "round", "application")


class AnswerForm(forms.Form):
    """One of the possible answers; `status` is that of the page with the form."""

    answer = forms.ChoiceField(label="您的应答", widget=forms.RadioSelect)

    def __init__(self, request: Request, possible: Sequence[Answer | OfferAnswer]) -> None:
        super().__init__(submitted_data(request) if request.method == "POST" else None)
        self.fields["answer"].choices = [(one.value, one.label) for one in possible]  # type: ignore[attr-defined]
        self.status = 422 if self.errors else 200


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Request, admission: UUID) -> HttpResponse:
    """An admission with its possible answers, then the confirmation of the chosen one."""
    rows = Admission.objects.for_actor(request.actor, Right.ADMISSION_ACCEPT).select_related(*RELATED)
    row: Admission = rows.get_or_not_found(public_id=admission)
    form, at = AnswerForm(request, list_answers(row)), clock.now()
    if form.is_valid():
        chosen = Answer(form.cleaned_data["answer"])
        prepared = _prepare_answer(request, chosen, row)
        if response := _confirm(
            request, "确认要不要去", row, form, prepared, chosen, partial(describe_answer_effects, row, at=at)
        ):
            return response
    values = _describe_admission(row, at) | {"form": form, "title": "确认要不要去"}
    return render_page(
        request, "student/admissions/answer.html", values, application=row.application, status=form.status
    )


@require_http_methods(["GET", "HEAD", "POST"])
def answer_offer(request: Request, offer: UUID) -> HttpResponse:
    """An offer with its possible answers, then the confirmation of the chosen one."""
    rows = WaitingOffer.objects.for_actor(request.actor, Right.ADMISSION_ACCEPT).select_related(*RELATED)
    row: WaitingOffer = rows.get_or_not_found(public_id=offer)
    form, at = AnswerForm(request, list(OfferAnswer)), clock.now()
    if form.is_valid():
        chosen = OfferAnswer(form.cleaned_data["answer"])
        prepared = _prepare_offer_answer(request, chosen, row)
        if response := _confirm(
            request, "轮到您了", row, form, prepared, chosen, partial(_describe_offer_answer, row, at=at)
        ):
            return response
    displayed = seal_displayed(request, name_seat(find_current_admission(row.application)))
    values = _describe_offer(row, at) | {"form": form, "title": "轮到您了", "displayed": displayed}
    template = "student/admissions/waiting_offer.html"
    return render_page(request, template, values, application=row.application, status=form.status)


def _prepare_answer(request: Request, chosen: Answer, row: Admission) -> Prepared[None]:
    by, seen = request.actor, read_displayed(request, submitted_data(request)).version
    if chosen == Answer.DECLINE:
        return answers.decline.prepare(by=by, admission=row, seen=seen)
    return answers.accept.prepare(by=by, admission=row, wait=chosen == Answer.WAIT, seen=seen)


def _prepare_offer_answer(request: Request, chosen: OfferAnswer, row: WaitingOffer) -> Prepared[Admission | None]:
    if chosen == OfferAnswer.DECLINE:
        return waiting_list_actions.decline.prepare(by=request.actor, offer=row)
    wait, seen = chosen == OfferAnswer.WAIT, read_displayed(request, submitted_data(request)).version
    return waiting_list_actions.accept.prepare(by=request.actor, offer=row, wait=wait, seen=seen)


def _confirm(
    request: Request,
    title: str,
    row: Admission | WaitingOffer,
    form: AnswerForm,
    prepared: Prepared[object],
    chosen: Answer | OfferAnswer,
    describe: Callable[[Any], Effects],
) -> HttpResponse | None:
    """The step of the confirmation, or None when the answer was refused, with the refusal in the form."""
    question = f"{chosen.label}：{row.school.name} · {row.programme.major}？"
    home = redirect_to(reverse("student:progress", args=[row.application.public_id]))
    page = partial(confirmation, request, title, question, chosen.label, application=row.application, back=request.path)
    try:
        is_danger = chosen == Answer.DECLINE
        return confirm(request, prepared, lambda: page(effects=describe(chosen), is_danger=is_danger), home)
    except Refused as refusal:
        add_refusal(form, refusal)
        form.status = refusal.status
        return None


def _describe_admission(row: Admission, at: datetime) -> dict[str, object]:
    is_live = row.state in LIVE
    seat, rounds = row if is_live else None, rounds_for(row.application, at)
    return {
        "admission": row,
        "name": f"{row.school.name} · {row.programme.major}",
        "warning": _describe_warning(row, at),
        "at": at,
        "is_offered": row.state == OFFERED,
        "what_ifs": describe_what_ifs(row, at),
        **seat_actions(seat, rounds, has_record=is_live and has_record(row)),
    }


def _describe_offer(row: WaitingOffer, at: datetime) -> dict[str, object]:
    current = find_current_admission(row.application)
    what_ifs = describe_offer_what_ifs(row, current, at)
    name = f"{row.school.name} · {row.programme.major}"
    values = {"offer": row, "name": name, "current": current, "at": at, "what_ifs": what_ifs, "is_open": bool(what_ifs)}
    return values | {"warning": _describe_warning(row, at)}


def _describe_warning(row: Admission | WaitingOffer, at: datetime) -> str:
    """The measures in force against the school in words; "" without any."""
    return "；".join(f"{measure.label}：{sentence}" for measure, sentence in effects_on(row.school.pk, at).labels)


def _describe_offer_answer(row: WaitingOffer, answer: OfferAnswer, *, at: datetime) -> Effects:
    return describe_offer_answer(row, find_current_admission(row.application), answer, at)
