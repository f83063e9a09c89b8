"""注册与实名 step by step: consent, the required answers, a review, then the registration. (F-B1, F-B6)"""

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yangguang import clock
from yangguang.actions.applicants import registration
from yangguang.models import Season
from yangguang.queries.seasons.policy_rules import format_rule
from yangguang.queries.seasons.seasons import season_to_join
from yangguang.queries.seasons.windows import require_open
from yangguang.rules.base import id_number
from yangguang.rules.base.refusals import IllegalMove, NotFound, Refused
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.rounds import WindowKind
from yangguang.rules.seasons.windows import SHANGHAI
from yangguang.web.kit.actor import Request
from yangguang.web.student.applicants.registration_draft import (
    delete_typed,
    load_typed,
    mark_submitted,
    store_typed,
    was_submitted,
)
from yangguang.web.student.applicants.registration_forms import NOTICE, PAPERS, Step
from yangguang.web.student.applicants.registration_steps import (
    build_form,
    build_registration,
    consent_is_missing,
    first_open_step,
    get_step,
    list_answers,
    next_step,
    steps_for,
    store_step,
    store_unchecked,
)
from yangguang.web.student.base.layout import render_page


@require_safe
def start(request: Request) -> HttpResponse:
    """Redirect to the first step without an answer, while registration is open."""
    season = season_to_join()
    if season is None:
        raise NotFound("还没有开放的招生季", now="招生时间公布后，首页会显示报名时间")
    require_open(WindowKind.REGISTRATION, season, request.actor.people)
    return HttpResponseRedirect(_url(first_open_step(load_typed(request), clock.now())))


@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: Request, step: str) -> HttpResponse:
    """One step; valid answers are stored in the session."""
    here, typed, at = get_step(step), load_typed(request), clock.now()
    if here.slug != "consent" and "consent" not in typed:
        return HttpResponseRedirect(_url("consent"))
    form = build_form(here, typed, at, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        store_step(typed, here, form.cleaned_data)
        if consent_is_missing(typed, at):
            return _back_to_consent(request)
        store_typed(request, typed)
        return HttpResponseRedirect(_url(next_step(here, typed, at)))
    return _render_step(request, here, form, steps_for(typed, at, here.slug))


@require_POST
def keep(request: Request, step: str) -> HttpResponse:
    """Store the unchecked fields of an unfinished step, sent by the page's script."""
    here, typed = get_step(step), load_typed(request)
    # Consent is given by pressing the button, so its boxes are not stored before.
    if here.slug == "consent":
        raise Http404
    if "consent" not in typed:
        raise IllegalMove("还没有同意《个人信息告知书》", why="同意之前不保存任何内容", now="请先阅读并同意")
    stored = store_unchecked(typed, here, request.POST, clock.now())
    store_typed(request, typed)
    return HttpResponse(status=204 if stored else 409)


def _back_to_consent(request: Request) -> HttpResponse:
    """Delete what was typed for a young child before the guardian consented. (个人信息保护法 第三十一条)"""
    delete_typed(request)
    here, at = get_step("consent"), clock.now()
    form = build_form(here, {}, at, {"consent_by": "student"})
    # The guardian has not been asked to tick the box yet, so an empty box is no error.
    form.errors.pop("agree", None)
    age = format_rule(policy_keys.CHILD_UNDER, at)
    sentence = f"证件号码显示考生未满{age}：请监护人阅读后由监护人同意，刚才填的号码没有保存"
    form.add_error("consent_by", sentence)
    return _render_step(request, here, form, steps_for({}, at, "consent"))


def _render_step(request: Request, here: Step, form: forms.Form, steps: list[tuple[str, str]]) -> HttpResponse:
    values = {"title": "注册与实名", "step": here, "form": form, "steps": steps, "papers": PAPERS, "notice": NOTICE}
    return render_page(request, "student/applicants/registration.html", values, status=422 if form.errors else 200)


@require_POST
def check_id(request: Request) -> HttpResponse:
    """Check the form of an identity number while it is typed; never whether it is registered."""
    refusal = None
    try:
        id_number.read(request.POST.get("id_number", ""), clock.now().astimezone(SHANGHAI).date())
    except Refused as error:
        refusal = error
    return render(request, "student/applicants/id_live.html", {"refusal": refusal})


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: Request) -> HttpResponse:
    """All answers on one page, then the registration."""
    typed, at, refusal = load_typed(request), clock.now(), None
    if request.method == "POST" and was_submitted(request, request.actor.request_key):
        return HttpResponseRedirect(reverse("student:received"))
    open_step = first_open_step(typed, at)
    if open_step != "review":
        return HttpResponseRedirect(_url(open_step))
    season = season_to_join()
    if request.method == "POST" and season is not None:
        try:
            return _register(request, season, build_registration(typed, at))
        except Refused as error:
            refusal = error
    steps, answers = steps_for(typed, at, "review"), list_answers(typed, at)
    values = {"title": "核对报名信息", "steps": steps, "answers": answers, "refusal": refusal}
    status = refusal.status if refusal else 200
    return render_page(request, "student/applicants/registration_review.html", values, status=status)


def _register(request: Request, season: Season, form: registration.Registration) -> HttpResponse:
    """Register; the answer is the same for a new number and for one of another family.

    See docs/decisions/0024-one-answer-to-registering.md.
    """
    try:
        registration.register(by=request.actor, season=season, form=form)
    except registration.RegisteredByOther:
        registration.warn(by=request.actor, number=form.id_number)
    mark_submitted(request, request.actor.request_key)
    return HttpResponseRedirect(reverse("student:received"))


@require_safe
def received(request: Request) -> HttpResponse:
    """What happens next; the same page for every registration."""
    return render_page(request, "student/applicants/received.html", {"title": "报名信息已收到"})


def _url(slug: str) -> str:
    return reverse("student:review") if slug == "review" else reverse("student:fill", args=[slug])
