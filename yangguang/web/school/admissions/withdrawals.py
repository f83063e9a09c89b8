"""退录 and 候补 at a school: what students asked, the school's word in time, and how its lists stand. (F-D8, F-N5)"""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang import clock
from yangguang.actions.admissions import withdrawals as actions
from yangguang.models import Withdrawal
from yangguang.queries.admissions.waiting_list import lists_at
from yangguang.queries.admissions.withdrawals import ended_at, running_at
from yangguang.queries.seasons.seasons import seasons
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions.withdrawal_states import ASKED
from yangguang.rules.base.refusals import Refused
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, confirm, redirect_to, submitted_data
from yangguang.web.kit.forms import beside
from yangguang.web.school.base.layout import framed, own_school, page, season_of

AGREES, OBJECTS = "agrees", "objects"


class CommentForm(forms.Form):
    """No objection, or a word to the student; a veto is not among the answers."""

    says = forms.ChoiceField(
        label="学校意见",
        choices=[(AGREES, "没有异议，立即退录"), (OBJECTS, "有意见，写给学生看；到期仍会退录")],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label="意见",
        help_text="学生会原样看到；最多200字，不要写完整的身份证号和手机号",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_safe
def releases(request: Request) -> HttpResponse:
    """The requests whose clock runs, then those that are over."""
    own_school(request, Right.WITHDRAWAL_COMMENT)
    season = season_of(request)
    values = {
        "season": season, "seasons": seasons(), "at": clock.now(), "asked": ASKED,
        "running": running_at(request.actor), "ended": ended_at(request.actor, season),
    }  # fmt: skip
    return page(request, "admissions/withdrawals", values)


@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: Request, release: UUID) -> HttpResponse:
    """One request, and the school's word on it."""
    rows = Withdrawal.objects.for_actor(request.actor, Right.WITHDRAWAL_COMMENT)
    rows = rows.select_related(
        "admission__application", "admission__person", "admission__programme", "admission__round"
    )
    found: Withdrawal = rows.get_or_not_found(public_id=release)
    form = CommentForm(submitted_data(request) if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        agrees = said["says"] == AGREES
        prepared = actions.comment.prepare(by=request.actor, release=found, agrees=agrees, text=said["text"])
        done = redirect_to(reverse("school:releases"))
        try:
            return confirm(request, prepared, lambda: _page(request, found, agrees=agrees), done)
        except Refused as refusal:
            beside(form, refusal)
    values = {"release": found, "form": form, "at": clock.now(), "asked": ASKED}
    return page(request, "admissions/withdrawal", values, status=422 if form.errors else 200)


def _page(request: Request, found: Withdrawal, *, agrees: bool) -> Confirmation:
    now = [("学生立即退录，名额立即释放，不能撤回。", True)]
    later = [
        ("意见立即发给学生，不能更改。", True),
        ("学校不能否决：到期没有撤回的，仍会退录。", False),
    ]
    back = reverse("school:release", args=[found.public_id])
    act = "没有异议" if agrees else "提交意见"
    effects = now if agrees else later
    return Confirmation(f"{act}？", act, effects, back, is_danger=agrees, context=framed(request))


@require_safe
def waiting(request: Request) -> HttpResponse:
    """How the waiting lists of the school's programmes stand: numbers; names only once somebody is admitted."""
    school, season = own_school(request, Right.ADMISSION_PROPOSE), season_of(request)
    values = {"season": season, "seasons": seasons(), "at": clock.now(), "lists": lists_at(school, season)}
    return page(request, "admissions/waiting_list", values)
