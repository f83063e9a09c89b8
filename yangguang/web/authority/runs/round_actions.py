"""Acts on a round: open it, give one's part of the seed, try or start a run, carry out silence and no-shows.
(F-D1, F-D4)
"""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang import clock
from yangguang.actions.admissions import answers, check_ins
from yangguang.actions.runs import lottery, runs
from yangguang.actions.runs import rounds as acts
from yangguang.models import Round, Unit
from yangguang.queries.admissions.no_shows import count_no_shows
from yangguang.queries.runs.preconditions import earliest_start, require_ready
from yangguang.queries.runs.round_transitions import require_part
from yangguang.queries.runs.rounds import school_of, seed_of
from yangguang.queries.seasons.seasons import find_round
from yangguang.rules.base.refusals import Refused
from yangguang.rules.runs.lottery import SEED_BYTES
from yangguang.rules.seasons.rounds import Silence
from yangguang.rules.seasons.windows import format_instant
from yangguang.web.authority.base.layout import confirmation, refused, uuid_in
from yangguang.web.authority.base.layout import page as render_page
from yangguang.web.authority.runs.fix_links import fix_link_for
from yangguang.web.authority.runs.run_actions import instant_form
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, confirm, confirm_or_refuse, redirect_to, submitted_data
from yangguang.web.kit.forms import add_refusal

two_ways = require_http_methods(["GET", "HEAD", "POST"])


class SeedForm(forms.Form):
    """One officer's part of the seed: made by the platform, or thrown with dice by the officer."""

    secret = forms.RegexField(
        rf"^\s*[0-9a-fA-F]{{{2 * SEED_BYTES}}}\s*$",
        label="我的这一份种子",
        help_text=f"{2 * SEED_BYTES} 位十六进制数；平台已随机生成，也可以换成您自己掷出来的",
        error_messages={"invalid": f"请填写 {2 * SEED_BYTES} 位十六进制数（0–9、a–f）"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


def _back(round: Round) -> str:
    return reverse("authority:round", args=[round.public_id])


@two_ways
def open_round(request: Request, round: UUID) -> HttpResponse:
    """Fix the round's programmes and the seats left at this instant."""
    found = find_round(round)
    effects = [
        ("此刻剩余的名额进入本批次，计划行从此固定。", False),
        ("开设后批次条件（志愿数、生源、应答规则）不能再改。", True),
    ]
    prepared = acts.open_round.prepare(by=request.actor, season=found.season, number=found.number)
    page = confirmation(request, f"开设“{found.name}”？", "开设批次", effects, _back(found))
    return confirm_or_refuse(request, prepared, lambda: page)


@two_ways
def seed(request: Request, round: UUID) -> HttpResponse:
    """Give one's own part of the lottery seed; with the second part the commitment becomes public."""
    found = find_round(round)
    try:
        lottery.commit.spec.require_reach(request.actor, found)
        require_part(request.actor, found, clock.now())
    except Refused as refusal:
        return refused(request, refusal, _back(found))
    sent = submitted_data(request) if request.method == "POST" else None
    form = SeedForm(sent or {"secret": secrets.token_hex(SEED_BYTES)})
    if sent is not None and form.is_valid():
        try:
            return _part(request, found, bytes.fromhex(form.cleaned_data["secret"]))
        except Refused as refusal:
            add_refusal(form, refusal)
    values = {"round": found, "form": form, "seed": seed_of(found), "back": _back(found)}
    return render_page(request, "runs/seed", values, status=422 if sent is not None else 200)


def _part(request: Request, round: Round, secret: bytes) -> HttpResponse:
    effects = [
        ("两人的种子合成后，承诺值立即公开，之后谁也不能更改。", False),
        ("种子在结果公布时公开，任何人都能复算每个抽签号。", False),
    ]
    prepared = lottery.commit.prepare(by=request.actor, round=round, secret=secret)
    page = confirmation(request, f"为“{round.name}”提交抽签种子？", "提交种子", effects, _back(round))
    return confirm(request, prepared, lambda: page, redirect_to(page.back))


@two_ways
def start(request: Request, round: UUID) -> HttpResponse:
    """The official run."""
    found = find_round(round)
    effects = [
        ("冻结全部志愿、名额和规则，在后台运算，再由另一套程序核验十项承诺；可以随时查看进度或取消。", False),
        ("本批次未公布的旧运算将被取代。", True),
        ("运算结果不会自动公布，还需两人提请、批准、公布。", False),
    ]
    prepared = runs.start.prepare(by=request.actor, round=found)
    page = confirmation(request, f"对“{found.name}”发起正式运算？", "发起运算", effects, _back(found))
    try:
        return confirm(request, prepared, lambda: page, _to_run)
    except Refused as refusal:
        return _refused(request, refusal, found)


@two_ways
def what_if(request: Request, round: UUID) -> HttpResponse:
    """A trial with a seed of its own, of all schools or of one; it can never be published."""
    found = find_round(round)
    school = _school(request, found)
    who = f"“{found.name}”" if school is None else f"“{found.name}”中的{school.name}"
    effects = [
        ("用公开的试算种子排名，看名额和数字；不产生任何录取，也不能公布。", False),
        ("只给出数字和各计划行的人数，不列出学生。", False),
    ]
    prepared = runs.what_if.prepare(by=request.actor, round=found, school=school)
    page = confirmation(request, f"试算{who}？", "试算", effects, _back(found))
    try:
        return confirm(request, prepared, lambda: page, _to_run)
    except Refused as refusal:
        return _refused(request, refusal, found)


def _refused(request: Request, refusal: Refused, round: Round) -> HttpResponse:
    """With a link to the page where the missing condition can be mended."""
    link = fix_link_for(request.actor, refusal.where, round, clock.now())
    return refused(request, refusal, _back(round), link)


def _school(request: Request, round: Round) -> Unit | None:
    """The one school that was chosen, None for all.

    Raises:
        NotFound: it takes no part in the round.
    """
    text = submitted_data(request).get("school", "") if request.method == "POST" else ""
    return school_of(round, uuid_in(text)) if text else None


def _to_run(run: Any) -> HttpResponse:
    return HttpResponseRedirect(reverse("authority:run", args=[run.public_id]))


@two_ways
def schedule(request: Request, round: UUID) -> HttpResponse:
    """Set the instant at which the official run starts by itself."""
    found = find_round(round)
    try:
        runs.schedule.spec.require_reach(request.actor, found)
        require_ready(found, clock.now(), scheduling=True)
    except Refused as refusal:
        return _refused(request, refusal, found)
    form, sent = instant_form(request, earliest_start(found))
    if sent and form.is_valid():
        try:
            return _scheduled(request, found, form.cleaned_data["at"])
        except Refused as refusal:
            add_refusal(form, refusal)
    about = {"about": f"{found.name}：预约运算", "act": "看影响，准备签名", "back": _back(found)}
    return render_page(request, "seasons/instant", {"form": form, **about}, status=422 if sent else 200)


def _scheduled(request: Request, round: Round, at: datetime) -> HttpResponse:
    effects = [
        (f"{format_instant(at)}由系统开始运算；到时有条件不满足，就不运算，并在批次页面写明原因。", False),
        ("运算结果不会自动公布；开始之前可以取消预约。", False),
    ]
    prepared = runs.schedule.prepare(by=request.actor, round=round, at=at)
    title = f"预约在{format_instant(at)}运算“{round.name}”？"
    page = confirmation(request, title, "预约运算", effects, _back(round))
    return confirm(request, prepared, lambda: page, redirect_to(page.back))


@two_ways
def lapse(request: Request, round: UUID) -> HttpResponse:
    """Carry out what silence means in this round."""
    found = find_round(round)
    effects = [
        (f"应答截止仍未应答的，按公布过的规则“{Silence(found.silence).label}”处理，学生会看到原因。", True),
        ("没有到截止时间的不受影响。", False),
    ]
    prepared = answers.lapse_due.prepare(by=request.actor, round=found)
    page = confirmation(request, f"处理“{found.name}”的逾期应答？", "处理逾期应答", effects, _back(found))
    return confirm_or_refuse(request, prepared, lambda: page)


@two_ways
def release(request: Request, round: UUID) -> HttpResponse:
    """Free the seats nobody came for; first the schools and numbers are shown."""
    found = find_round(round)
    prepared = check_ins.release_absent.prepare(by=request.actor, round=found)
    return confirm_or_refuse(request, prepared, lambda: _release_page(request, found))


def _release_page(request: Request, round: Round) -> Confirmation:
    absent = count_no_shows(request.actor, round)
    total = sum(one.absent for one in absent)
    effects = [
        (f"{len(absent)} 所学校的 {total} 名学生标记为“未报到”，名额立即释放，不能撤回。", True),
        ("学生会收到短信，仍可参加补录。", False),
    ]
    title, back = f"释放“{round.name}”的未报到名额？", _back(round)
    return confirmation(request, title, "释放名额", effects, back, is_danger=True, absent=absent)
