"""注册与实名 step by step: consent first, then what is needed, then a review, then one act. (F-B1, F-B6)"""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yangguang import clock
from yangguang.actions.applicants import registration
from yangguang.models import Season
from yangguang.queries.applicants.student_home import season_to_join
from yangguang.queries.seasons.windows import require_open
from yangguang.rules.base import id_number
from yangguang.rules.base.refusals import IllegalMove, NotFound, Refused
from yangguang.rules.seasons.rounds import WindowKind
from yangguang.rules.seasons.windows import SHANGHAI
from yangguang.web.kit.actor import Request
from yangguang.web.student.applicants.registration_draft import (
    forget_typed,
    keep_sent,
    keep_typed,
    typed_so_far,
    was_sent,
)
from yangguang.web.student.applicants.registration_forms import NOTICE, PAPERS, Step
from yangguang.web.student.applicants.registration_steps import (
    consent_is_missing,
    first_open,
    form_of,
    keep_halfway,
    keep_step,
    next_after,
    registration_of,
    shown_answers,
    step_named,
    steps_for,
)
from yangguang.web.student.base.layout import show


@require_safe
def start(request: Request) -> HttpResponse:
    """Take a family to the step where it stopped, while registration is open."""
    season = season_to_join(request.actor)
    if season is None:
        raise NotFound("还没有开放的招生季", now="招生时间公布后，首页会显示报名时间")
    require_open(WindowKind.REGISTRATION, season, request.actor.people)
    return HttpResponseRedirect(_url(first_open(typed_so_far(request), clock.now())))


@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: Request, step: str) -> HttpResponse:
    """One step: what was typed is kept as soon as it makes sense."""
    here, typed, at = step_named(step), typed_so_far(request), clock.now()
    if here is None:
        raise Http404
    if here.slug != "consent" and "consent" not in typed:
        return HttpResponseRedirect(_url("consent"))
    form = form_of(here, typed, at, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        keep_step(typed, here, form.cleaned_data)
        if consent_is_missing(typed, at):
            return _back_to_consent(request, typed)
        keep_typed(request, typed)
        return HttpResponseRedirect(_url(next_after(here, typed, at)))
    return _shown(request, here, form, steps_for(typed, at, here.slug))


@require_POST
def keep(request: Request, step: str) -> HttpResponse:
    """The fields of a step as they are left, from the page's script: nothing is checked and nobody goes on."""
    here, typed = step_named(step), typed_so_far(request)
    # A consent is given by pressing the button, so its ticks are not kept before.
    if here is None or here.slug == "consent":
        raise Http404
    if "consent" not in typed:
        raise IllegalMove("还没有同意《个人信息告知书》", why="同意之前不保存任何内容", now="请先阅读并同意")
    kept = keep_halfway(typed, here, request.POST, clock.now())
    keep_typed(request, typed)
    return HttpResponse(status=204 if kept else 409)


def _back_to_consent(request: Request, typed: dict[str, dict[str, Any]]) -> HttpResponse:
    """Under 14 nothing is kept that was typed before the guardian agreed. (个人信息保护法 第三十一条)"""
    forget_typed(request)
    here, at = step_named("consent"), clock.now()
    assert here is not None
    form = form_of(here, {}, at, {"consent_by": "student"})
    # The student's tick does not count for the guardian, who has not been asked for one yet: it is no mistake.
    form.errors.pop("agree", None)
    form.add_error(
        "consent_by", "证件号码显示考生未满14周岁：请监护人阅读后由监护人同意，刚才填的号码没有保存"
    )
    return _shown(request, here, form, steps_for({}, at, "consent"))


def _shown(request: Request, here: Step, form: Any, steps: list[tuple[str, str]]) -> HttpResponse:
    values = {
        "title": "注册与实名",
        "step": here,
        "form": form,
        "steps": steps,
        "papers": PAPERS,
        "notice": NOTICE,
    }
    return show(request, "student/applicants/registration.html", values, status=422 if form.errors else 200)


@require_POST
def check_id(request: Request) -> HttpResponse:
    """The live check of a number: its form only; whether it is registered is nobody's business here."""
    refusal = None
    try:
        id_number.read(request.POST.get("id_number", ""), clock.now().astimezone(SHANGHAI).date())
    except Refused as found:
        refusal = found
    return render(request, "student/applicants/id_live.html", {"refusal": refusal})


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: Request) -> HttpResponse:
    """Everything once more on one page, then the registration itself."""
    typed, at, refusal = typed_so_far(request), clock.now(), None
    if request.method == "POST" and was_sent(request, request.actor.request_key):
        return HttpResponseRedirect(reverse("student:received"))
    open_step = first_open(typed, at)
    if open_step != "review":
        return HttpResponseRedirect(_url(open_step))
    season = season_to_join(request.actor)
    if request.method == "POST" and season is not None:
        try:
            return _sent(request, season, registration_of(typed, at))
        except Refused as found:
            refusal = found
    values = {
        "title": "核对报名信息", "steps": steps_for(typed, at, "review"), "answers": shown_answers(typed, at),
        "refusal": refusal, "season": season,
    }  # fmt: skip
    status = refusal.status if refusal else 200
    return show(request, "student/applicants/registration_review.html", values, status=status)


def _sent(request: Request, season: Season, form: registration.Registration) -> HttpResponse:
    """One answer whether the number is new or another family's. (docs/decisions/0024-one-answer-to-registering.md)"""
    try:
        registration.register(by=request.actor, season=season, form=form)
    except registration.RegisteredByOther:
        registration.warn(by=request.actor, number=form.id_number)
    keep_sent(request, request.actor.request_key)
    return HttpResponseRedirect(reverse("student:received"))


@require_safe
def received(request: Request) -> HttpResponse:
    """What happens next, in the same words for everybody."""
    return show(request, "student/applicants/received.html", {"title": "报名信息已收到"})


def _url(slug: str) -> str:
    return reverse("student:review") if slug == "review" else reverse("student:fill", args=[slug])
