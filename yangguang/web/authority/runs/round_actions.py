"""Acts on a round: open it, submit a part of the seed, try, start or schedule a run, after the answers. (F-D1, F-D4)"""

import secrets
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang import clock
from yangguang.actions.admissions import answers, check_ins
from yangguang.actions.base.action import Prepared
from yangguang.actions.runs import lottery, runs
from yangguang.actions.runs import rounds as acts
from yangguang.models import AdmissionRun, Round
from yangguang.queries.admissions.no_shows import count_no_shows
from yangguang.queries.runs.preconditions import get_earliest_start, require_ready
from yangguang.queries.runs.rounds import find_seed, get_school
from yangguang.queries.runs.transitions import require_seed_part
from yangguang.queries.seasons.seasons import find_round
from yangguang.rules.base.refusals import Refused
from yangguang.rules.runs.lottery import SEED_BYTES
from yangguang.rules.runs.rounds import Silence
from yangguang.rules.seasons.windows import format_instant
from yangguang.web.authority.base.layout import confirmation, refused, uuid_in
from yangguang.web.authority.base.layout import page as render_page
from yangguang.web.authority.runs.fix_links import fix_link_for
from yangguang.web.authority.runs.run_actions import instant_form
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, confirm, redirect_to, submitted_data
from yangguang.web.kit.forms import add_refusal

allow_form = require_http_methods(["GET", "HEAD", "POST"])


class SeedForm(forms.Form):
    """One officer's part of the seed: proposed by the platform, or the officer's own."""

    secret = forms.RegexField(
        rf"^\s*[0-9a-fA-F]{{{2 * SEED_BYTES}}}\s*$",
        label="我的这一份种子",
        help_text=f"{2 * SEED_BYTES} 位十六进制数；平台已随机生成，也可以换成您自己掷出来的",
        error_messages={"invalid": f"请填写 {2 * SEED_BYTES} 位十六进制数（0–9、a–f）"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


def _url(round: Round) -> str:
    return reverse("authority:round", args=[round.public_id])


def _refused(request: Request, refusal: Refused, round: Round) -> HttpResponse:
    """The refusal, with a link to the page where a condition of a run can be met."""
    link = fix_link_for(request.actor, refusal.where, round, clock.now()) if refusal.where else None
    return refused(request, refusal, _url(round), link)


def _confirm(
    request: Request,
    round: Round,
    prepared: Prepared[Any],
    page: Callable[[], Confirmation],
    then: Callable[[Any], HttpResponse] | None = None,
) -> HttpResponse:
    try:
        return confirm(request, prepared, page, then or redirect_to(_url(round)))
    except Refused as refusal:
        return _refused(request, refusal, round)


@allow_form
def open_round(request: Request, round: UUID) -> HttpResponse:
    """Fix the round's programmes and the seats left at this instant."""
    row = find_round(round)
    effects = [
        ("此刻剩余的名额进入本批次，计划行从此固定。", False),
        ("开设后批次条件（志愿数、生源、应答规则）不能再改。", True),
    ]
    prepared = acts.open_round.prepare(by=request.actor, season=row.season, number=row.number)
    page = partial(confirmation, request, f"开设“{row.name}”？", "开设批次", effects, _url(row))
    return _confirm(request, row, prepared, page)


@allow_form
def seed(request: Request, round: UUID) -> HttpResponse:
    """Submit a part of the lottery seed; with the second part the commitment becomes public."""
    row = find_round(round)
    try:
        lottery.commit.spec.require_reach(request.actor, row)
        require_seed_part(request.actor, row, clock.now())
    except Refused as refusal:
        return refused(request, refusal, _url(row))
    sent = submitted_data(request) if request.method == "POST" else None
    form = SeedForm(sent or {"secret": secrets.token_hex(SEED_BYTES)})
    if sent is not None and form.is_valid():
        try:
            return _commit(request, row, bytes.fromhex(form.cleaned_data["secret"]))
        except Refused as refusal:
            add_refusal(form, refusal)
    values = {"round": row, "form": form, "seed": find_seed(row), "back": _url(row)}
    return render_page(request, "runs/seed", values, status=422 if sent is not None else 200)


def _commit(request: Request, round: Round, secret: bytes) -> HttpResponse:
    effects = [
        ("两人的种子合成后，承诺值立即公开，之后谁也不能更改。", False),
        ("种子在结果公布时公开，任何人都能复算每个抽签号。", False),
    ]
    prepared = lottery.commit.prepare(by=request.actor, round=round, secret=secret)
    title = f"为“{round.name}”提交抽签种子？"
    page = partial(confirmation, request, title, "提交种子", effects, _url(round))
    return confirm(request, prepared, page, redirect_to(_url(round)))


@allow_form
def start(request: Request, round: UUID) -> HttpResponse:
    """Start the official run."""
    row = find_round(round)
    effects = [
        ("冻结全部志愿、名额和规则，在后台运算，再由另一套程序核验十项承诺；可以随时查看进度或取消。", False),
        ("本批次未公布的旧运算将被取代。", True),
        ("运算结果不会自动公布，还需两人提请、批准、公布。", False),
    ]
    prepared = runs.start.prepare(by=request.actor, round=row)
    page = partial(confirmation, request, f"对“{row.name}”发起正式运算？", "发起运算", effects, _url(row))
    return _confirm(request, row, prepared, page, _to_run)


@allow_form
def what_if(request: Request, round: UUID) -> HttpResponse:
    """Start a trial of all schools or of one; it can never be published."""
    row = find_round(round)
    public_id = submitted_data(request).get("school", "") if request.method == "POST" else ""
    school = get_school(row, uuid_in(public_id)) if public_id else None
    scope = f"“{row.name}”" if school is None else f"“{row.name}”中的{school.name}"
    effects = [
        ("用公开的试算种子排名，看名额和数字；不产生任何录取，也不能公布。", False),
        ("只给出数字和各计划行的人数，不列出学生。", False),
    ]
    prepared = runs.what_if.prepare(by=request.actor, round=row, school=school)
    page = partial(confirmation, request, f"试算{scope}？", "试算", effects, _url(row))
    return _confirm(request, row, prepared, page, _to_run)


def _to_run(run: AdmissionRun) -> HttpResponse:
    return HttpResponseRedirect(reverse("authority:run", args=[run.public_id]))


@allow_form
def schedule(request: Request, round: UUID) -> HttpResponse:
    """Set the instant at which the official run starts."""
    row = find_round(round)
    try:
        runs.schedule.spec.require_reach(request.actor, row)
        require_ready(row, clock.now(), scheduling=True)
    except Refused as refusal:
        return _refused(request, refusal, row)
    form, sent = instant_form(request, get_earliest_start(row))
    if sent and form.is_valid():
        try:
            return _schedule(request, row, form.cleaned_data["at"])
        except Refused as refusal:
            add_refusal(form, refusal)
    values = {"form": form, "row": row, "about": f"{row.name}：预约运算", "act": "看影响，准备签名", "back": _url(row)}
    return render_page(request, "seasons/instant", values, status=422 if sent else 200)


def _schedule(request: Request, round: Round, at: datetime) -> HttpResponse:
    effects = [
        (f"{format_instant(at)}由系统开始运算；到时有条件不满足，就不运算，并在批次页面写明原因。", False),
        ("运算结果不会自动公布；开始之前可以取消预约。", False),
    ]
    prepared = runs.schedule.prepare(by=request.actor, round=round, at=at)
    title = f"预约在{format_instant(at)}运算“{round.name}”？"
    page = partial(confirmation, request, title, "预约运算", effects, _url(round))
    return confirm(request, prepared, page, redirect_to(_url(round)))


@allow_form
def lapse(request: Request, round: UUID) -> HttpResponse:
    """Carry out the rule of the round for admissions that were not answered in time."""
    row = find_round(round)
    effects = [
        (f"应答截止仍未应答的，按公布过的规则“{Silence(row.silence).label}”处理，学生会看到原因。", True),
        ("没有到截止时间的不受影响。", False),
    ]
    prepared = answers.lapse_due.prepare(by=request.actor, round=row)
    page = partial(confirmation, request, f"处理“{row.name}”的逾期应答？", "处理逾期应答", effects, _url(row))
    return _confirm(request, row, prepared, page)


@allow_form
def release(request: Request, round: UUID) -> HttpResponse:
    """Release the seats of no-shows; the page lists their numbers by school."""
    row = find_round(round)
    prepared = check_ins.release_absent.prepare(by=request.actor, round=row)
    return _confirm(request, row, prepared, lambda: _release_page(request, row))


def _release_page(request: Request, round: Round) -> Confirmation:
    absent = count_no_shows(request.actor, round)
    total = sum(one.absent for one in absent)
    effects = [
        (f"{len(absent)} 所学校的 {total} 名学生标记为“未报到”，名额立即释放，不能撤回。", True),
        ("学生会收到短信，写明之后还可以参加哪些批次。", False),
    ]
    title = f"释放“{round.name}”的未报到名额？"
    return confirmation(request, title, "释放名额", effects, _url(round), is_danger=True, absent=absent)
