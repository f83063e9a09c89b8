"""Acts on a run: cancel, compare, propose, approve, publish now or at an instant; each signed for itself.
(F-D4, F-D5)
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yangguang.actions.base.action import Action
from yangguang.actions.runs import inspection
from yangguang.actions.runs import runs as acts
from yangguang.models import AdmissionRun
from yangguang.queries.runs.preconditions import publication_opens
from yangguang.queries.runs.transitions import require_move
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.windows import format_instant
from yangguang.web.authority.base.layout import confirmation, refused
from yangguang.web.authority.base.layout import page as render_page
from yangguang.web.authority.runs.runs import found_run, strip, trail
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, Effects, confirm, redirect_to, submitted_data
from yangguang.web.kit.forms import InstantField, add_refusal
from yangguang.web.kit.refusals import FixLink

RunAct = Action[..., AdmissionRun]
two_ways = require_http_methods(["GET", "HEAD", "POST"])


class InstantForm(forms.Form):
    """When something is to happen by itself, in Beijing time."""

    at = InstantField(
        label="时间",
        help_text="北京时间，到分钟",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


@two_ways
def propose(request: Request, run: UUID) -> HttpResponse:
    """Ask for the publication."""
    return _act(request, run, acts.propose, "提请公布", [("由另一个人核对后批准；提请人不能批准自己的提请。", False)])


@two_ways
def approve(request: Request, run: UUID) -> HttpResponse:
    """Approve it; the results are still unseen by families."""
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


@two_ways
def publish(request: Request, run: UUID) -> HttpResponse:
    """Make the results official now."""
    return _act(request, run, acts.publish, "公布录取", _PUBLISHED)


@two_ways
def cancel(request: Request, run: UUID) -> HttpResponse:
    """End a run that waits or computes."""
    effects = [("运算立即停下，已算的部分不作数；本批次可以重新发起。", True)]
    return _act(request, run, acts.cancel, "取消运算", effects)


@two_ways
def call_off(request: Request, run: UUID) -> HttpResponse:
    """Take the set instant of publication back."""
    effects = [("到时不再自动公布；批准仍然有效，可以另设时间或当场公布。", False)]
    return _act(request, run, acts.call_off, "撤销到点公布", effects)


@two_ways
def time(request: Request, run: UUID) -> HttpResponse:
    """Set the instant at which the results become public by themselves."""
    found = found_run(request, run)
    try:
        require_move("time", request.actor, found)
    except Refused as refusal:
        return refused(request, refusal, _back(found), _fix_link(found, refusal))
    form, sent = instant_form(request, publication_opens(found.round))
    if sent and form.is_valid():
        try:
            return _timed(request, found, form.cleaned_data["at"])
        except Refused as refusal:
            add_refusal(form, refusal)
    values = {"form": form, "about": "到点公布", "act": "看影响，准备签名", "back": _back(found)}
    return render_page(
        request, "seasons/instant", values | {"trail": trail(found, "到点公布")}, status=422 if sent else 200
    )


def _timed(request: Request, run: AdmissionRun, at: datetime) -> HttpResponse:
    effects = [(f"{format_instant(at)}由系统公布，不需要人在场；此前批准人或您可以撤销。", False), *_PUBLISHED]
    title, back = f"定于{format_instant(at)}公布？", _back(run)
    page = confirmation(request, title, "设定到点公布", effects, back, approvals=strip(run))
    prepared = acts.time.prepare(by=request.actor, run=run, at=at)
    return confirm(request, prepared, lambda: page, redirect_to(back))


def instant_form(request: Request, suggested: Any) -> tuple[InstantForm, bool]:
    """The form for an instant as it was sent, else with the one suggested."""
    sent = submitted_data(request) if request.method == "POST" else None
    if sent is not None and "at" in sent:
        return InstantForm(sent), True
    return InstantForm(initial={"at": suggested}), False


@require_POST
def compare(request: Request, run: UUID) -> HttpResponse:
    """State that the difference has been looked at."""
    found = found_run(request, run)
    try:
        inspection.compare(by=request.actor, run=found)
    except Refused as refusal:
        return refused(request, refusal, _back(found))
    return HttpResponseRedirect(_back(found))


def _act(request: Request, public_id: UUID, verb: RunAct, act: str, effects: Effects) -> HttpResponse:
    found = found_run(request, public_id)
    prepared = verb.prepare(by=request.actor, run=found).if_version(found.version)
    page = _page(request, found, act, effects)
    try:
        return confirm(request, prepared, lambda: page, redirect_to(page.back))
    except Refused as refusal:
        return refused(request, refusal, page.back, _fix_link(found, refusal))


def _page(request: Request, found: AdmissionRun, act: str, effects: Effects) -> Confirmation:
    placed = found.counts.get("placed")
    number = f"第{found.number}次{'试算' if found.is_what_if else '运算'}"
    about = "" if placed is None else f"（拟录取 {placed:,} 人）"
    title = f"{act}：{found.round.name}{number}{about}？"
    approvals = strip(found) if placed is not None and not found.is_what_if else None
    return confirmation(request, title, act, effects, _back(found), approvals=approvals)


def _fix_link(run: AdmissionRun, refusal: Refused) -> FixLink | None:
    """The page where the refusal can be mended; None where nothing but waiting helps."""
    if refusal.where == "difference":
        return FixLink("查看与上次运算的差异", reverse("authority:run_changes", args=[run.public_id]))
    if run.is_what_if:
        return FixLink("到批次页面发起正式运算", reverse("authority:round", args=[run.round.public_id]))
    return None


def _back(run: AdmissionRun) -> str:
    return reverse("authority:run", args=[run.public_id])
