"""自动应答: the student sets up to which choice offers are accepted automatically. (F-D13)"""

from uuid import UUID

from django import forms
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang.actions.admissions import answers
from yangguang.models import Application, StandingAnswer
from yangguang.queries.applicants import student_home
from yangguang.queries.seasons.seasons import rounds_of
from yangguang.rules.base.refusals import Refused
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, confirm, redirect_to, submitted_data
from yangguang.web.kit.displayed import read_displayed, seal_displayed
from yangguang.web.student.admissions.answer_effects import describe_standing_answer
from yangguang.web.student.base.layout import confirmation, render_page

_FEWEST = [(0, "不用自动应答，每次由我本人应答"), (1, "只自动接受第 1 志愿")]
TEMPLATE = "student/admissions/standing_answer.html"


class StandingAnswerForm(forms.Form):
    """Up to which choice offers are accepted automatically; `status` is that of a page with errors."""

    status = 422
    up_to = forms.TypedChoiceField(label="自动接受", coerce=int, widget=forms.RadioSelect)

    def __init__(self, data: QueryDict | None, up_to: int, ranks: int) -> None:
        """A form with a range up to each of `ranks` choices, `up_to` chosen."""
        super().__init__(data, initial={"up_to": up_to})
        further = [(rank, f"自动接受第 1 至第 {rank} 志愿") for rank in range(2, ranks + 1)]
        self.fields["up_to"].choices = [*_FEWEST, *further]  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def set_standing_answer(request: Request, application: UUID) -> HttpResponse:
    """Set, change or switch off the standing answer of one application."""
    row = student_home.application(request.actor, application)
    stored = StandingAnswer.objects.for_actor(request.actor).filter(application=row).first()
    data = submitted_data(request) if request.method == "POST" else None
    form = _build_form(row, stored, data)
    try:
        if data is not None and form.is_valid():
            return _confirm(request, row, form.cleaned_data["up_to"], read_displayed(request, data).version)
    except Refused as refusal:
        now = dict(form.fields["up_to"].choices)[stored.up_to if stored else 0]  # type: ignore[attr-defined]
        form.add_error(None, f"{refusal}现在保存的是“{now}”。")
        form.status = refusal.status
    displayed = seal_displayed(request, stored.version if stored else 0)
    values = {"title": "让平台替我接受", "form": form, "stored": stored, "displayed": displayed}
    return render_page(request, TEMPLATE, values, application=row, status=form.status if form.errors else 200)


def _build_form(application: Application, stored: StandingAnswer | None, data: QueryDict | None) -> StandingAnswerForm:
    """The form with a range for every choice that a round of the season allows, and for the stored one."""
    up_to = stored.up_to if stored else 0
    ranks = max([up_to, *(round.max_choices for round in rounds_of(application.season))])
    return StandingAnswerForm(data, up_to, ranks)


def _confirm(request: Request, application: Application, up_to: int, seen: str) -> HttpResponse:
    prepared = answers.set_standing_answer.prepare(by=request.actor, application=application, up_to=up_to, seen=seen)
    home = redirect_to(reverse("student:progress", args=[application.public_id]))
    return confirm(request, prepared, lambda: _build_confirmation(request, application, up_to), home)


def _build_confirmation(request: Request, application: Application, up_to: int) -> Confirmation:
    act = "设定自动应答" if up_to else "关闭自动应答"
    back = reverse("student:auto", args=[application.public_id])
    effects = describe_standing_answer(up_to)
    return confirmation(request, "自动应答", f"{act}？", act, effects, back, application)
