"""核对 and 验证码提交: only what was read here, line by line, is put in force. (B4, B5; [S24] §二 免试注册)"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang import clock
from yangguang.actions.admissions import direct_enrolment
from yangguang.actions.choices import choices
from yangguang.models import Admission, Application, ChoiceVersion, PlanLine
from yangguang.queries.applicants import student_home
from yangguang.queries.choices.programme_options import Offer, OpenRound, offer_named, offers_of, rounds_for
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import NotFound, Refused
from yangguang.rules.seasons.rounds import Silence
from yangguang.rules.seasons.windows import say_closing
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirm, two_steps, typed
from yangguang.web.student.base.asking import asked_first
from yangguang.web.student.base.layout import frame, show
from yangguang.web.student.choices.draft import Draft, draft_in, picked


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: Request, application: UUID, number: int) -> HttpResponse:
    """Read the list again, then submit exactly it."""
    found = student_home.application(request.actor, application)
    at = clock.now()
    here = _picked(found, number, at)
    draft = draft_in(request.actor, found, here.round, at)
    asked = typed(request) if request.method == "POST" else _carried(draft)
    lines = [_named(line) for line in asked.getlist("line")]
    page = _page(request, draft, here, asked, offers_of(here.round, lines, found, at))
    kwargs: dict[str, Any] = {"application": found, "round": here.round, "lines": lines}
    try:
        asked_first(
            request, lambda: choices.require_submittable(by=request.actor, at=at, **kwargs), here.round
        )
        return two_steps(request, choices.submit, kwargs, page, _receipt)
    except Refused as refusal:
        kept = draft.is_draft and bool(draft.lines)
        return _refused(request, "核对", refusal, page.back, found, draft=kept)


def _named(line: str) -> int:
    """The row the page named; 0, which no line has, for what somebody typed, so that the list is refused whole."""
    return int(line) if line.isascii() and line.isdecimal() and len(line) < 19 else 0


def _picked(application: Application, number: int, at: datetime) -> OpenRound:
    here = picked(rounds_for(application, at), number)
    if here is None:
        raise NotFound("没有这个批次", now="请从“志愿填报”重新进入")
    return here


def _refused(
    request: Request, title: str, refusal: Refused, back: str, of: Application, draft: bool = False
) -> HttpResponse:
    """The refusal; `draft` says whether the family has one that is kept."""
    values = {"title": title, "refusal": refusal, "back": back, "draft": draft}
    return show(request, "student/base/refused.html", values, application=of, status=refusal.status)


def _carried(draft: Draft) -> QueryDict:
    carried = QueryDict(mutable=True)
    carried.setlist("line", [str(line) for line in draft.lines])
    return carried


def _page(request: Request, draft: Draft, here: OpenRound, asked: QueryDict, listed: list[Offer]) -> Confirm:
    effects = [(f"第 {draft.last.number} 版志愿作废，以这一次为准。", True)] if draft.last else []
    effects += [
        (f"这 {len(listed)} 个志愿按现在的顺序生效，系统给您回执。", False),
        (f"截止前（{say_closing(here.closes)}）可以随时再改，次数不限；提交先后不影响录取。", False),
        (f"录取后逾期不应答的，{Silence(here.round.silence).label}。", False),
    ]
    back = reverse("student:choices", args=[draft.application.public_id, here.round.number])
    more = frame(request, "核对", draft.application) | {"listed": listed, "here": here}
    label = "提交志愿"
    return Confirm(
        f"提交这 {len(listed)} 个志愿？",
        label,
        effects,
        back,
        False,
        more,
        "student/choices/check.html",
        asked,
    )


def _receipt(version: ChoiceVersion) -> HttpResponse:
    return HttpResponseRedirect(reverse("student:receipt", args=[version.public_id]))


@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: Request, application: UUID, number: int, line: UUID) -> HttpResponse:
    """免试注册: the effects of one's consent, then the seat."""
    found = student_home.application(request.actor, application)
    at = clock.now()
    here = _picked(found, number, at)
    offer = offer_named(here.round, line, found, at)
    if offer is None:
        raise NotFound("没有找到这个专业", why="它不在本批次的招生范围内", now="请从本批次的专业中选择")
    lines = PlanLine.objects.for_actor(request.actor, Right.PLAN_READ_PUBLISHED)
    chosen: PlanLine = lines.get_or_not_found(pk=offer.pk)
    kwargs: dict[str, Any] = {"application": found, "round": here.round, "plan_line": chosen}
    page = _claim_page(request, found, here, offer)
    try:
        asked_first(request, lambda: direct_enrolment.require_claimable(**kwargs, at=at), here.round)
        return two_steps(request, direct_enrolment.claim, kwargs, page, _claimed)
    except Refused as refusal:
        return _refused(request, "免试注册", refusal, page.back, found)


def _claim_page(request: Request, of: Application, here: OpenRound, offer: Offer) -> Confirm:
    effects = [
        ("您占用本年度唯一的名额，不能再填报或注册其他学校，除非先放弃。", True),
        (f"您立即被“{offer.name}”录取，视为已接受，名额保留到报到截止。", False),
    ]
    back = reverse("student:choices", args=[of.public_id, here.round.number])
    more = frame(request, "免试注册", of)
    return Confirm(f"注册到 {offer.name}？", "确认注册", effects, back, more=more, carry=QueryDict())


def _claimed(admission: Admission) -> HttpResponse:
    return HttpResponseRedirect(reverse("student:home"))
