"""应答: what each answer brings and costs is read first, then the code is given. (R6.02, F-B8)"""

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
from yangguang.web.kit.forms import beside
from yangguang.web.student.admissions.answer_effects import Answer, answers_to, effects_of
from yangguang.web.student.applicants.timeline_events import ways_of
from yangguang.web.student.base.forms import AnswerForm
from yangguang.web.student.base.layout import frame, show


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Request, admission: UUID) -> HttpResponse:
    """The offer with its possible answers; then the effects of the chosen one and its code."""
    rows = Admission.objects.for_actor(request.actor, Right.ADMISSION_ACCEPT).select_related(
        "school", "programme", "round", "application"
    )
    found = rows.get_or_not_found(public_id=admission)
    form = AnswerForm(answers_to(found), submitted_data(request) if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        chosen = Answer(form.cleaned_data["answer"])
        done = redirect_to(reverse("student:progress", args=[found.application.public_id]))
        try:
            return confirm(
                request, _prepared(request, found, chosen), lambda: _page(request, found, chosen), done
            )
        except Refused as refusal:
            beside(form, refusal)
            return _shown(request, found, form, refusal.status)
    return _shown(request, found, form, 422 if form.errors else 200)


def _shown(request: Request, found: Admission, form: AnswerForm, status: int) -> HttpResponse:
    at, live = clock.now(), found.state in LIVE
    values = {
        "title": "应答", "admission": found, "form": form, "at": at, "waits": found.state == OFFERED,
        "answers": [(one, effects_of(found, one)) for one in answers_to(found, at)],
        **ways_of(found if live else None, live and has_record(found), rounds_for(found.application, at)),
    }  # fmt: skip
    return show(
        request, "student/admissions/answer.html", values, application=found.application, status=status
    )


def _prepared(request: Request, admission: Admission, answer: Answer) -> Prepared[None]:
    if answer is Answer.DECLINE:
        return answers.decline.prepare(by=request.actor, admission=admission)
    return answers.accept.prepare(by=request.actor, admission=admission, wait=answer is Answer.WAIT)


def _page(request: Request, admission: Admission, answer: Answer) -> Confirmation:
    return Confirmation(
        f"{answer.label}：{admission.school.name} · {admission.programme.major}？",
        answer.label,
        effects_of(admission, answer),
        reverse("student:answer", args=[admission.public_id]),
        is_danger=answer is Answer.DECLINE,
        context=frame(request, "应答", admission.application),
    )
