"""Duplicate cases: who may be registered twice and why, and the decision at the right level. (R5.04, F-E2, F-E3)"""

from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang.actions.applicants import duplicates
from yangguang.models import Admission, IdentityCase
from yangguang.rules.accounts.rights import Right
from yangguang.rules.applicants import case_states
from yangguang.rules.base.refusals import Refused
from yangguang.web.authority.base.layout import confirmation, page, season_of
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import confirm, confirm_or_refuse, redirect_to, submitted_data
from yangguang.web.kit.forms import add_refusal
from yangguang.web.kit.paging import page_of

EFFECTS = {
    "SAME": [("两条登记归并为同一人，以后只计一人；不删除任何一条。", True)],
    "DIFFERENT": [("记为两个不同的人，各自继续办理。", False)],
    "STAYS": [("学生保留本平台的名额和学籍资格；外校一方由其主管部门处理。", False)],
    "LEAVES": [("学生退出本平台的录取，名额立即释放，已生成的学籍注销。", True)],
}


class VerdictForm(forms.Form):
    """The decision; what can be chosen depends on the case."""

    verdict = forms.ChoiceField(label="裁定", widget=forms.RadioSelect)

    def __init__(self, case: IdentityCase, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["verdict"].choices = [(one, one.label) for one in case.possible_verdicts]  # type: ignore[attr-defined]


@require_safe
def cases(request: Request) -> HttpResponse:
    """Open and settled cases of this bureau, the most alike first."""
    state = case_states.SETTLED if request.GET.get("state") == case_states.SETTLED else case_states.OPEN
    rows = IdentityCase.objects.for_actor(request.actor, Right.DUPLICATE_DECIDE).filter(state=state)
    rows = rows.select_related("person", "other", "outside", "unit")
    labels = case_states.TRANSITIONS.states.items()
    tabs = [(label, f"?state={name}", name == state, None) for name, label in labels]
    may_check = request.actor.may(Right.DUPLICATE_CHECK)
    values = {"tabs": tabs, "may_check": may_check, "list": page_of(request, rows, ("-score", "public_id"))}
    return page(request, "applicants/duplicate_cases", values)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request) -> HttpResponse:
    """Start the duplicate check of a season's year; cases are opened, and none is decided."""
    season, back = season_of(request), reverse("authority:cases")
    prepared = duplicates.check.prepare(by=request.actor, season=season)
    effects = [
        (f"{season.year}年报名的人两两核对，并与已导入的外部名单核对。", False),
        ("可能是同一人的立为查重事项，由县、市、省裁定；裁定以前不生成学籍、不计入月报。", True),
        ("已经立过的事项不会再立；平台每夜也会自动查一遍。", False),
    ]
    ask = confirmation(request, f"开始{season.year}年查重？", "开始查重", effects, back)
    return confirm_or_refuse(request, prepared, lambda: ask)


@require_safe
def case(request: Request, case: UUID) -> HttpResponse:
    """Both entries side by side."""
    row = _case(request, case)
    return _render_case(request, row, VerdictForm(row))


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: Request, case: UUID) -> HttpResponse:
    """Decide, after a confirmation that shows the effects."""
    row, back = _case(request, case), reverse("authority:case", args=[case])
    if request.method != "POST":
        return HttpResponseRedirect(back)
    form = VerdictForm(row, submitted_data(request))
    if form.is_valid():
        verdict = form.cleaned_data["verdict"]
        title = f"裁定为“{IdentityCase.Verdict(verdict).label}”？"
        effects = [*EFFECTS[verdict], ("裁定后解除隔离；裁定不能在本页撤回。", True)]
        prepared = duplicates.decide.prepare(by=request.actor, case=row, verdict=verdict)
        confirmation_page = confirmation(request, title, "裁定", effects, back)
        try:
            return confirm(request, prepared, lambda: confirmation_page, redirect_to(back))
        except Refused as refusal:
            add_refusal(form, refusal)
            return _render_case(request, row, form, status=refusal.status)
    return _render_case(request, row, form, status=422)


def _case(request: Request, public_id: UUID) -> IdentityCase:
    rows = IdentityCase.objects.for_actor(request.actor, Right.DUPLICATE_DECIDE)
    rows = rows.select_related("person__home", "other__home", "outside", "unit")
    row: IdentityCase = rows.get_or_not_found(public_id=public_id)
    return row


def _render_case(request: Request, case: IdentityCase, form: VerdictForm, status: int = 200) -> HttpResponse:
    people = [person for person in (case.person, case.other) if person is not None]
    admissions = Admission.objects.for_actor(request.actor, Right.APPLICATION_READ).filter(person__in=people)
    admissions = admissions.select_related("school", "programme", "round", "application").order_by("published_at")
    trail = [("查重", reverse("authority:cases")), (f"相似度 {case.score}", "")]
    values = {"case": case, "people": people, "admissions": list(admissions), "form": form, "trail": trail}
    return page(request, "applicants/duplicate_case", values, status=status)
