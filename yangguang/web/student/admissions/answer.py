"""应答: the student reads the effects of each answer to an admission, then confirms one. (R6.02, F-B8)"""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang import clock
from yangguang.actions.admissions import answers
from yangguang.actions.base.action import Prepared
from yangguang.models import Admission
from yangguang.queries.admissions.current_admission import has_record
from yangguang.queries.choices.programme_options import rounds_for
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions.admission_states import LIVE, OFFERED
from yangguang.rules.base.refusals import Refused
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, confirm, redirect_to, submitted_data
from yangguang.web.kit.forms import add_refusal
from yangguang.web.student.admissions.answer_effects import Answer, describe_answer_effects, list_answers
from yangguang.web.student.applicants.timeline_events import seat_actions
from yangguang.web.student.base.forms import AnswerForm
from yangguang.web.student.base.layout import layout_context, render_page


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Request, admission: UUID) -> HttpResponse:
    """An admission with its possible answers, then the confirmation of the chosen one."""
    rows = Admission.objects.for_actor(request.actor, Right.ADMISSION_ACCEPT)
    rows = rows.select_related("school", "programme", "round", "application")
    row: Admission = rows.get_or_not_found(public_id=admission)
    form = AnswerForm(list_answers(row), submitted_data(request) if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        chosen = Answer(form.cleaned_data["answer"])
        home = redirect_to(reverse("student:progress", args=[row.application.public_id]))
        prepared = _prepare(request, row, chosen)
        try:
            return confirm(request, prepared, lambda: _build_confirmation(request, row, chosen), home)
        except Refused as refusal:
            add_refusal(form, refusal)
            status = refusal.status
    return _render(request, row, form, 422 if form.errors and status == 200 else status)


def _render(request: Request, admission: Admission, form: AnswerForm, status: int) -> HttpResponse:
    at, is_live = clock.now(), admission.state in LIVE
    rounds = rounds_for(admission.application, at)
    possible = list_answers(admission, at)
    values = {
        "title": "应答",
        "admission": admission,
        "form": form,
        "at": at,
        "is_offered": admission.state == OFFERED,
        "answers": [(answer, describe_answer_effects(admission, answer)) for answer in possible],
        **seat_actions(admission if is_live else None, rounds, has_record=is_live and has_record(admission)),
    }
    template = "student/admissions/answer.html"
    return render_page(request, template, values, application=admission.application, status=status)


def _prepare(request: Request, admission: Admission, answer: Answer) -> Prepared[None]:
    if answer is Answer.DECLINE:
        return answers.decline.prepare(by=request.actor, admission=admission)
    return answers.accept.prepare(by=request.actor, admission=admission, wait=answer is Answer.WAIT)


def _build_confirmation(request: Request, admission: Admission, answer: Answer) -> Confirmation:
    return Confirmation(
        f"{answer.label}：{admission.school.name} · {admission.programme.major}？",
        answer.label,
        describe_answer_effects(admission, answer),
        reverse("student:answer", args=[admission.public_id]),
        is_danger=answer is Answer.DECLINE,
        context=layout_context(request, "应答", admission.application),
    )
