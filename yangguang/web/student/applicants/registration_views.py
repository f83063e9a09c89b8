"""注册与实名 step by step: consent, the required answers, a review, then the registration. (F-B1, F-B6)"""

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yangguang import clock
from yangguang.actions.applicants import registration
from yangguang.models import Season
from yangguang.queries.applicants.ages import read_applicant_number
from yangguang.queries.applicants.student_home import many_students_sentence
from yangguang.queries.seasons.policy_rules import format_rule
from yangguang.queries.seasons.windows import require_open
from yangguang.rules.base.refusals import IllegalMove, NotFound, Refused, VersionConflict
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.windows import WindowKind
from yangguang.web.kit.actor import Request
from yangguang.web.kit.both_sides import list_differences
from yangguang.web.student.applicants.registration_draft import (
    Typed,
    delete_typed,
    has_submitted,
    is_older,
    load_typed,
    mark_submitted,
    read_displayed,
    seal_displayed,
    store_typed,
    was_submitted,
)
from yangguang.web.student.applicants.registration_forms import NOTICE, PAPER_ROWS, Step
from yangguang.web.student.applicants.registration_steps import (
    build_form,
    build_registration,
    consent_is_missing,
    first_open_step,
    get_step,
    label_answers,
    list_answers,
    next_step,
    posted_fields,
    season_is_missing,
    season_of,
    steps_for,
    store_step,
    store_unchecked,
)
from yangguang.web.student.base.layout import render_page

_BEFORE_CONSENT = ("season", "consent")
"""Steps that collect nothing of a person."""


@require_safe
def start(request: Request) -> HttpResponse:
    """Redirect to the first step without an answer, while registration is open."""
    typed = load_typed(request)
    season = season_of(typed)
    if season is None:
        raise NotFound("还没有开放的招生季", now="招生时间公布后，首页会显示报名时间")
    require_open(WindowKind.REGISTRATION, season, request.actor.people)
    here = "season" if season_is_missing(typed) else first_open_step(typed, clock.now())
    return HttpResponseRedirect(_url(here))


@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: Request, step: str) -> HttpResponse:
    """One step; valid answers are stored in the session, unless another page changed what this one showed."""
    here, typed, at = get_step(step), load_typed(request), clock.now()
    displayed, is_post = read_displayed(request), request.method == "POST"
    if is_post and "use_displayed" in request.POST and displayed is not None:
        typed = displayed
    if here.slug not in _BEFORE_CONSENT and "consent" not in typed | (displayed or {}):
        return HttpResponseRedirect(_url("consent"))
    form = build_form(here, typed, at, request.POST if is_post else None)
    is_repeated = form.is_bound and form.is_valid() and form.cleaned_data == typed.get(here.slug)
    if is_post and not is_repeated and is_older(displayed, typed, here.slug):
        return _render_both_sides(
            request, here.slug, (displayed or {}) | {here.slug: posted_fields(here, request.POST)}
        )
    if form.is_bound and form.is_valid():
        store_step(typed, here, form.cleaned_data)
        if consent_is_missing(typed, at):
            return _back_to_consent(request)
        store_typed(request, typed)
        return HttpResponseRedirect(_url(next_step(here, typed, at)))
    return _render_step(request, here, form, typed)


@require_POST
def keep(request: Request, step: str) -> HttpResponse:
    """Store the unchecked fields of an unfinished step, sent by the page's script."""
    here, typed = get_step(step), load_typed(request)
    # Season and consent are chosen by pressing the button, so nothing is stored before.
    if here.slug in _BEFORE_CONSENT:
        raise Http404
    if is_older(read_displayed(request), typed, here.slug):
        return HttpResponse(status=409)
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
    return _render_step(request, here, form, {})


def _render_step(request: Request, here: Step, form: forms.Form, typed: Typed) -> HttpResponse:
    values = {
        "title": "注册与实名",
        "step": here,
        "form": form,
        "steps": steps_for(typed, clock.now(), here.slug),
        "papers": PAPER_ROWS,
        "notice": NOTICE,
        "displayed": seal_displayed(request, typed),
        "has_submitted": not typed and has_submitted(request),
    }
    return render_page(request, "student/applicants/registration.html", values, status=422 if form.errors else 200)


@require_POST
def check_id(request: Request) -> HttpResponse:
    """Check the form of an identity number while it is typed; never whether it is registered."""
    refusal = None
    try:
        read_applicant_number(request.POST.get("id_number", ""), clock.now())
    except Refused as error:
        refusal = error
    return render(request, "student/applicants/id_live.html", {"refusal": refusal})


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: Request) -> HttpResponse:
    """All answers on one page, then the registration of exactly these."""
    typed, at, displayed, refusal = load_typed(request), clock.now(), read_displayed(request), None
    open_step, is_post = first_open_step(typed, at), request.method == "POST"
    if is_post and was_submitted(request, request.actor.request_key, displayed):
        return HttpResponseRedirect(reverse("student:received"))
    if is_post and "use_displayed" in request.POST and displayed is not None:
        store_typed(request, displayed)
        return HttpResponseRedirect(_url("review"))
    if is_post and is_older(displayed, typed) and (displayed is not None or open_step == "review"):
        return _render_both_sides(request, "review", displayed or {})
    if open_step != "review":
        return HttpResponseRedirect(_url(open_step))
    if season_is_missing(typed):
        return HttpResponseRedirect(_url("season"))
    season = season_of(typed)
    if is_post and season is not None:
        try:
            return _register(request, season, typed)
        except Refused as error:
            refusal = error
    return _render_review(request, typed, refusal)


def _render_review(request: Request, typed: Typed, refusal: Refused | None) -> HttpResponse:
    at = clock.now()
    values = {
        "title": "核对报名信息",
        "steps": steps_for(typed, at, "review"),
        "answers": list_answers(typed, at),
        "refusal": refusal,
        "displayed": seal_displayed(request, typed),
        "many": many_students_sentence(request.actor, at),
    }
    status = refusal.status if refusal else 200
    return render_page(request, "student/applicants/registration_review.html", values, status=status)


def _render_both_sides(request: Request, slug: str, page: Typed) -> HttpResponse:
    """The answers of an older page beside the stored ones; the family chooses with which it goes on.

    Args:
        slug: the step of the page, or "review". page: its answers, with the fields that were sent.
    """
    at, typed, displayed = clock.now(), load_typed(request), read_displayed(request) or {}
    what = "报名内容已在另一个页面改过，这一页没有提交" if typed else "报名内容已在另一个页面提交或清除，这一页没有提交"
    refusal = VersionConflict(what, why="两个页面填的是同一份报名", now="请对照下表，选定用哪一边的，再接着填")
    sides = (label_answers(answers, at) for answers in (displayed, typed, page))
    values = {
        "title": "两个页面填的不一样",
        "refusal": refusal,
        "differences": list_differences(*sides),
        "address": _url(slug),
        "displayed": seal_displayed(request, displayed),
        "fields": page.get(slug, {}),
        "other": _url(first_open_step(typed, at)),
    }
    return render_page(request, "student/applicants/registration_both_sides.html", values, status=409)


def _register(request: Request, season: Season, typed: Typed) -> HttpResponse:
    """Register; the answer is the same for a new number and for one of another family.

    See docs/decisions/0024-one-answer-to-registering.md.
    """
    form = build_registration(typed, clock.now())
    try:
        registration.register(by=request.actor, season=season, form=form)
    except registration.RegisteredByOther:
        registration.warn(by=request.actor, number=form.id_number)
    mark_submitted(request, request.actor.request_key, typed)
    return HttpResponseRedirect(reverse("student:received"))


@require_safe
def received(request: Request) -> HttpResponse:
    """What happens next; the same page for every registration."""
    return render_page(request, "student/applicants/received.html", {"title": "报名信息已收到"})


def _url(slug: str) -> str:
    return reverse("student:review") if slug == "review" else reverse("student:fill", args=[slug])
