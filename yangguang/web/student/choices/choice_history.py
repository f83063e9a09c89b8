"""志愿记录与复核: every version with who, when and from what; "不是我改的" while the review period is open. (F-N2)"""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang import clock
from yangguang.actions.choices import disputes
from yangguang.models import Application, ChoiceDispute, ChoiceVersion
from yangguang.queries.applicants import student_home
from yangguang.queries.choices.choice_history import Review, Told, history, reviews_of
from yangguang.queries.choices.choice_history import disputes as seen_by
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import NotFound, Refused
from yangguang.rules.choices import dispute_states
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, Effects, confirm, redirect_to, submitted_data
from yangguang.web.kit.forms import beside
from yangguang.web.student.base.layout import NOTHING_SUBMITTED, frame, refused, show

two_ways = require_http_methods(["GET", "HEAD", "POST"])
NONE = "0"


class DisputeForm(forms.Form):
    """Which earlier version is one's own, and what one wants to add."""

    back_to = forms.ChoiceField(label="哪一版是您自己填的", widget=forms.RadioSelect)
    says = forms.CharField(
        label="补充说明", required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="可以不填。不要写身份证号和手机号。",
    )  # fmt: skip

    def __init__(self, told: list[Told], data: Any = None) -> None:
        super().__init__(data)
        earlier = [
            (str(one.version.number), f"第 {one.version.number} 版：{'；'.join(one.names)}")
            for one in told[1:]
        ]
        self.fields["back_to"].choices = [*earlier, (NONE, "都不是我填的，我要自己重新填报")]  # type: ignore[attr-defined]


@two_ways
def review(request: Request, application: UUID, number: int) -> HttpResponse:
    """The versions of one round, and the dispute."""
    found = student_home.application(request.actor, application)
    here = _review(found, number)
    told = history(request.actor, found, here.round)
    form = DisputeForm(told, submitted_data(request) if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _dispute(request, found, here, told, form)
        except Refused as refusal:
            beside(form, refusal)
    rows = seen_by(request.actor).filter(application=found, round=here.round)
    dispute = rows.order_by("-recorded_at").first()
    waits = dispute is not None and dispute.state in dispute_states.WAITING
    values = {
        "title": "志愿记录与复核", "here": here, "told": told, "form": form, "dispute": dispute, "waits": waits,
        "may_dispute": here.is_open and not waits,
    }  # fmt: skip
    status = 422 if form.errors else 200
    return show(request, "student/choices/choice_history.html", values, application=found, status=status)


def _review(application: Application, number: int) -> Review:
    for here in reviews_of(application, clock.now()):
        if here.round.number == number:
            return here
    raise NotFound(
        "这个批次没有可以核对的志愿",
        why="您没有在这个批次提交过志愿，或它没有复核期",
        now="请从“我的进度”进入",
    )


def _dispute(
    request: Request, application: Application, here: Review, told: list[Told], form: DisputeForm
) -> HttpResponse:
    said = form.cleaned_data
    named = next((one.version for one in told if str(one.version.number) == said["back_to"]), None)
    prepared = disputes.open_dispute.prepare(
        by=request.actor, application=application, round=here.round, back_to=named, says=said["says"]
    )
    back = reverse("student:review_choices", args=[application.public_id, here.round.number])
    page = Confirmation(
        f"第 {told[0].version.number} 版志愿不是您改的？",
        "不是我改的",
        _effects(here, told[0].version, named),
        back,
        is_danger=True,
        context=frame(request, "志愿异议", application),
        guardian_of=application.person_id,
    )
    return confirm(request, prepared, lambda: page, redirect_to(back))


def _effects(here: Review, in_force: ChoiceVersion, back_to: ChoiceVersion | None) -> Effects:
    wanted = f"恢复到第 {back_to.number} 版" if back_to else "由您本人重新填报"
    until = f"在批准之前，现在的第 {in_force.number} 版仍然有效。"
    return [
        (f"提请把“{here.round.name}”的志愿{wanted}；{until}", False),
        ("户籍地教育局先核查，另一级再批准；他们看不到您填了哪些学校。可能会请您出示身份证件。", False),
        ("核查期间，本批次不会运算录取。结果用短信告诉您和监护人。", False),
    ]


@two_ways
def withdraw(request: Request, dispute: UUID) -> HttpResponse:
    """Take the dispute back."""
    rows = ChoiceDispute.objects.for_actor(request.actor, Right.CHOICE_DISPUTE)
    found = rows.select_related("application", "round").get_or_not_found(public_id=dispute)
    of = found.application
    back = reverse("student:review_choices", args=[of.public_id, found.round.number])
    effects = [("志愿异议作废，现在的志愿不变；复核期内可以再提出。", False)]
    title = "撤回志愿异议"
    page = Confirmation(
        f"{title}？", "撤回异议", effects, back, context=frame(request, title, of), guardian_of=of.person_id
    )
    prepared = disputes.withdraw.prepare(by=request.actor, dispute=found)
    try:
        return confirm(request, prepared, lambda: page, redirect_to(back))
    except Refused as refusal:
        return refused(request, title, refusal, back, of, note=NOTHING_SUBMITTED)
