"""Acts on a run: cancel, compare, propose, approve, publish now or at an instant. (F-D4, F-D5)"""

from datetime import datetime
from functools import partial
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yangguang.actions.base.action import Action
from yangguang.actions.runs import inspection
from yangguang.actions.runs import runs as acts
from yangguang.models import AdmissionRun
from yangguang.queries.runs.preconditions import get_publication_time
from yangguang.queries.runs.transitions import require_transition
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.windows import format_instant
from yangguang.web.authority.base.layout import confirmation, refused
from yangguang.web.authority.base.layout import page as render_page
from yangguang.web.authority.runs.runs import get_run, list_approval_steps, list_crumbs, name_run
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Effects, confirm, redirect_to, submitted_data
from yangguang.web.kit.displayed import read_displayed
from yangguang.web.kit.forms import InstantField, add_refusal
from yangguang.web.kit.refusals import FixLink

allow_form = require_http_methods(["GET", "HEAD", "POST"])


class InstantForm(forms.Form):
    """The instant of a scheduled act, in Beijing time."""

    at = InstantField(
        label="时间",
        help_text="北京时间，到分钟",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


@allow_form
def propose(request: Request, run: UUID) -> HttpResponse:
    """Propose the publication."""
    return _act(request, run, acts.propose, "提请公布", [("由另一个人核对后批准；提请人不能批准自己的提请。", False)])


@allow_form
def approve(request: Request, run: UUID) -> HttpResponse:
    """Approve the publication."""
    effects = [
        ("批准后由另一个人在统一公布时间执行公布，或设定到点公布；学生此时还看不到结果。", False),
        ("您确认已经看过核验报告。", False),
    ]
    return _act(request, run, acts.approve, "批准公布", effects)


_PUBLISHED: Effects = [
    ("全体参加者同时看到结果和每个志愿的理由，并收到短信；公布后不能改动。", True),
    ("录取生效，名额占用；抽签种子公开，任何人都能复算。", False),
    ("核验扣下的计划行不公布；此前已另有名额的学生跳过并列出。", False),
]


@allow_form
def publish(request: Request, run: UUID) -> HttpResponse:
    """Publish the results now."""
    return _act(request, run, acts.publish, "公布录取", _PUBLISHED)


@allow_form
def cancel(request: Request, run: UUID) -> HttpResponse:
    """End a run that waits or computes."""
    effects = [("运算立即停下，已算的部分不作数；本批次可以重新发起。", True)]
    return _act(request, run, acts.cancel, "取消运算", effects)


@allow_form
def call_off(request: Request, run: UUID) -> HttpResponse:
    """Cancel the scheduled publication."""
    effects = [("到时不再自动公布；批准仍然有效，可以另设时间或当场公布。", False)]
    return _act(request, run, acts.call_off, "撤销到点公布", effects)


@allow_form
def time(request: Request, run: UUID) -> HttpResponse:
    """Set the instant of publication."""
    row = get_run(request, run)
    try:
        require_transition("time", request.actor, row)
    except Refused as refusal:
        return refused(request, refusal, _url(row), _fix_link(row, refusal))
    form, sent = instant_form(request, get_publication_time(row.round))
    if sent and form.is_valid():
        try:
            return _schedule(request, row, form.cleaned_data["at"])
        except Refused as refusal:
            add_refusal(form, refusal)
    about = {"about": "到点公布", "act": "看影响，准备签名", "trail": list_crumbs(row, "到点公布")}
    values = {"form": form, "row": row, "back": _url(row), **about}
    return render_page(request, "seasons/instant", values, status=422 if sent else 200)


def _schedule(request: Request, run: AdmissionRun, at: datetime) -> HttpResponse:
    effects = [(f"{format_instant(at)}由系统公布，不需要人在场；此前批准人或您可以撤销。", False), *_PUBLISHED]
    title, approvals = f"定于{format_instant(at)}公布？", list_approval_steps(run)
    page = partial(confirmation, request, title, "设定到点公布", effects, _url(run), approvals=approvals)
    return confirm(request, acts.time.prepare(by=request.actor, run=run, at=at), page, redirect_to(_url(run)))


def instant_form(request: Request, suggested: datetime | None) -> tuple[InstantForm, bool]:
    """The form for an instant and whether it was sent, else with the suggested one."""
    sent = submitted_data(request) if request.method == "POST" else {}
    if "at" in sent:
        return InstantForm(sent), True
    return InstantForm(initial={"at": suggested}), False


@require_POST
def compare(request: Request, run: UUID) -> HttpResponse:
    """State that the officer has compared the run with the one before it."""
    row = get_run(request, run)
    try:
        seen = read_displayed(request, request.POST).version
        inspection.compare.prepare(by=request.actor, run=row).if_version(seen).execute()
    except Refused as refusal:
        return refused(request, refusal, _url(row))
    return HttpResponseRedirect(_url(row))


def _act(
    request: Request, public_id: UUID, verb: Action[..., AdmissionRun], label: str, effects: Effects
) -> HttpResponse:
    run = get_run(request, public_id)
    placed = run.counts.get("placed")
    count = "" if placed is None else f"（拟录取 {placed:,} 人）"
    title = f"{label}：{run.round.name}{name_run(run)}{count}？"
    approvals = list_approval_steps(run) if placed is not None and not run.is_what_if else None
    page = partial(confirmation, request, title, label, effects, _url(run), approvals=approvals)
    prepared = verb.prepare(by=request.actor, run=run)
    try:
        return confirm(request, prepared, page, redirect_to(_url(run)))
    except Refused as refusal:
        return refused(request, refusal, _url(run), _fix_link(run, refusal))


def _fix_link(run: AdmissionRun, refusal: Refused) -> FixLink | None:
    """The page where the reason of the refusal can be removed; None where the officer can only wait."""
    if refusal.where == "difference":
        return FixLink("查看与上次运算的差异", reverse("authority:run_changes", args=[run.public_id]))
    if run.is_what_if:
        return FixLink("到批次页面发起正式运算", reverse("authority:round", args=[run.round.public_id]))
    return None


def _url(run: AdmissionRun) -> str:
    return reverse("authority:run", args=[run.public_id])
