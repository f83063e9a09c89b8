"""志愿记录与复核: every version with who, when and which device; "不是我改的" in the review period. (F-N2)"""

from uuid import UUID

from django import forms
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang import clock
from yangguang.actions.choices import disputes
from yangguang.models import Application, ChoiceDispute, ChoiceVersion
from yangguang.queries.applicants import student_home
from yangguang.queries.choices.choice_history import VersionForFamily, list_reviews, version_history
from yangguang.queries.choices.choice_history import disputes as visible_disputes
from yangguang.queries.choices.programme_options import RoundWindow
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import NotFound, Refused
from yangguang.rules.choices import dispute_states
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, Effects, confirm, redirect_to, submitted_data
from yangguang.web.kit.forms import add_refusal
from yangguang.web.student.base.layout import NOTHING_SUBMITTED, confirm_or_refuse, layout_context, render_page

NONE = "0"


class DisputeForm(forms.Form):
    """Which earlier version is the family's own, and what it wants to add."""

    back_to = forms.ChoiceField(label="哪一版是您自己填的", widget=forms.RadioSelect)
    note = forms.CharField(
        label="补充说明",
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="可以不填。不要写身份证号和手机号。",
    )

    def __init__(self, history: list[VersionForFamily], data: QueryDict | None) -> None:
        super().__init__(data)
        earlier = [
            (str(row.version.number), f"第 {row.version.number} 版：{'；'.join(row.names)}") for row in history[1:]
        ]
        self.fields["back_to"].choices = [*earlier, (NONE, "都不是我填的，我要自己重新填报")]  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: Request, application: UUID, number: int) -> HttpResponse:
    """The versions of one round, and the dispute."""
    row = student_home.application(request.actor, application)
    here = _require_review(row, number)
    history = version_history(request.actor, row, here.round)
    form = DisputeForm(history, submitted_data(request) if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _open_dispute(request, row, here, history, form)
        except Refused as refusal:
            add_refusal(form, refusal)
    rows = visible_disputes(request.actor).filter(application=row, round=here.round)
    dispute = rows.order_by("-recorded_at").first()
    waits = dispute is not None and dispute.state in dispute_states.WAITING
    state = {"dispute": dispute, "waits": waits, "may_dispute": here.is_open and not waits}
    values = {"title": "志愿记录与复核", "here": here, "history": history, "form": form} | state
    status = 422 if form.errors else 200
    return render_page(request, "student/choices/choice_history.html", values, application=row, status=status)


def _require_review(application: Application, number: int) -> RoundWindow:
    for here in list_reviews(application, clock.now()):
        if here.round.number == number:
            return here
    raise NotFound(
        "这个批次没有可以核对的志愿", why="您没有在这个批次提交过志愿，或它没有复核期", now="请从“我的进度”进入"
    )


def _open_dispute(
    request: Request, application: Application, here: RoundWindow, history: list[VersionForFamily], form: DisputeForm
) -> HttpResponse:
    data, in_force = form.cleaned_data, history[0].version.number
    back_to = next((row.version for row in history if str(row.version.number) == data["back_to"]), None)
    prepared = disputes.open_dispute.prepare(
        by=request.actor, application=application, round=here.round, back_to=back_to, note=data["note"]
    )
    page = Confirmation(
        f"第 {in_force} 版志愿不是您改的？",
        "不是我改的",
        _effects(here, in_force, back_to),
        reverse("student:review_choices", args=[application.public_id, here.round.number]),
        is_danger=True,
        context=layout_context(request, "志愿异议", application),
        guardian_of=application.person_id,
    )
    return confirm(request, prepared, lambda: page, redirect_to(page.back))


def _effects(here: RoundWindow, in_force: int, back_to: ChoiceVersion | None) -> Effects:
    outcome = f"恢复到第 {back_to.number} 版" if back_to else "由您本人重新填报"
    until = f"在批准之前，现在的第 {in_force} 版仍然有效。"
    return [
        (f"提请把“{here.round.name}”的志愿{outcome}；{until}", False),
        ("户籍地教育局先核查，另一位工作人员再批准；他们看不到您填了哪些学校。可能会请您出示身份证件。", False),
        ("核查期间，本批次不会运算录取。结果用短信告诉您和监护人。", False),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, dispute: UUID) -> HttpResponse:
    """Withdraw the dispute."""
    rows = ChoiceDispute.objects.for_actor(request.actor, Right.CHOICE_DISPUTE)
    row = rows.select_related("application", "round").get_or_not_found(public_id=dispute)
    of = row.application
    back = reverse("student:review_choices", args=[of.public_id, row.round.number])
    effects = [("志愿异议作废，现在的志愿不变；复核期内可以再提出。", False)]
    context = layout_context(request, "撤回志愿异议", of)
    page = Confirmation("撤回志愿异议？", "撤回异议", effects, back, context=context, guardian_of=of.person_id)
    prepared = disputes.withdraw.prepare(by=request.actor, dispute=row)
    return confirm_or_refuse(request, prepared, page, back, note=NOTHING_SUBMITTED)
