"""Confirm an act, then execute it: the effects are read first, then a code or a key's signature is given. (F-B5, F-I6)

What was submitted is carried in one signed hidden field and checked again at every step, so a wrong code loses
nothing, and a code or signature is bound to exactly what the page displays.
"""

import json
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, field
from functools import cache
from typing import Any, Generic, TypeVar, overload

from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render

from yangguang import clock
from yangguang.actions.accounts import step_up_requests
from yangguang.actions.base.action import Prepared
from yangguang.actions.base.dual_approval import AwaitingSecond, Done
from yangguang.actions.base.idempotency import AlreadyDone, PageRequest
from yangguang.models.base.fields import blind
from yangguang.queries.accounts.guardians import guardian_phone
from yangguang.queries.accounts.proposals import find_open_proposal
from yangguang.rules.base.refusals import Refused, StepUpRequired
from yangguang.web.kit.actor import Request
from yangguang.web.kit.approval_strip import ApprovalStep, strip_of
from yangguang.web.kit.displayed import FIELD, read_displayed, seal_displayed
from yangguang.web.kit.refusals import refusal_page
from yangguang.web.kit.repeats import ACT, digest_page

OWN_FIELDS = ("csrfmiddlewaretoken", "_key", "_step", "_code", "_assertion", "_typed", "_to")
SEND, SEND_GUARDIAN = "send", "send_guardian"
Effects = list[tuple[str, bool]]
R = TypeVar("R")


@dataclass(frozen=True)
class Confirmation:
    """The page that is read before an act.

    Args:
        title: the question ("提交这 3 个志愿？"). act: label of the button ("提交志愿").
        effects: what will happen, losses first: (sentence, is it a loss).
        back: address of 不办了.
        context: further values of the page (nav, crumbs, a list to check).
        template: extends `kit/confirm.html`, when there is more to display than effects.
        approvals: who has proposed and who is next, for acts where the two persons do different acts.
        carry: data for the next step, when it is not simply what was submitted (a page opened by GET).
        guardian_of: row id of the person whose guardian's phone may get the code.
    """

    title: str
    act: str
    effects: Effects
    back: str
    _: KW_ONLY
    is_danger: bool = False
    context: dict[str, Any] = field(default_factory=dict)
    template: str = "kit/confirm.html"
    approvals: list[ApprovalStep] | None = None
    carry: QueryDict | None = None
    guardian_of: int | None = None


def submitted_data(request: Request) -> QueryDict:
    """What the first page sent, at every later step too; the view's form is built from it.

    Raises:
        Refused: the hidden field was changed, or belongs to another log-in or page.
    """
    sealed = request.POST.get("_typed")
    if sealed is not None:
        try:
            return QueryDict(signing.loads(sealed, salt=_salt(request)))
        except signing.BadSignature:
            raise Refused("这个确认页已失效", why="内容被改动过，或者登录已更换", now="请返回上一页重新办理") from None
    data = request.POST.copy()
    for name in OWN_FIELDS:
        data.pop(name, None)
    return data


def _salt(request: Request) -> str:
    """What is sealed is valid for one page and one account."""
    return f"factor:{request.path}:{request.actor.account}"


def redirect_to(url: str) -> Callable[[object], HttpResponse]:
    """An answer after an act that leads to `url`, whatever its result."""
    return lambda _: HttpResponseRedirect(url)


@overload
def confirm(
    request: Request,
    prepared: Prepared[Done[R] | AwaitingSecond],
    page: Callable[[], Confirmation],
    then: Callable[[R], HttpResponse],
) -> HttpResponse: ...
@overload
def confirm(
    request: Request, prepared: Prepared[R], page: Callable[[], Confirmation], then: Callable[[R], HttpResponse]
) -> HttpResponse: ...
def confirm(
    request: Request, prepared: Prepared[Any], page: Callable[[], Confirmation], then: Callable[[Any], HttpResponse]
) -> HttpResponse:
    """Display the confirmation page, send the code or challenge the key, and at last execute.

    At every step but the last one the preflight reports what prevents the act, before a code is sent or a key is
    challenged; the last step leaves that to the act, so that a button pressed twice gets the first answer.

    Args:
        page: called only when the page is needed.
        then: from the act's result to the answer; the first of two persons gets a separate page.
    Raises:
        Refused: the act's own refusals, which the view displays beside its form. After a wrong code or signature
            the confirmation page is the answer.
    """
    prepared = _with_displayed_version(request, prepared)
    steps = _Steps(request, prepared, page)
    try:
        if steps.is_last:
            return steps.execute(then)
        prepared.preflight(clock.now())
        return steps.show_next()
    except StepUpRequired as refusal:
        return steps.show(sent=steps.is_last, refusal=refusal)


def _with_displayed_version(request: Request, prepared: Prepared[R]) -> Prepared[R]:
    """The act on the version that the first page showed, where its subject has versions.

    A first page without one, and a link, count as showing what is there now; after that every step must say it.
    """
    version = getattr(prepared.kwargs.get(prepared.spec.on), "version", None)
    if version is None or prepared.seen_version is not None or "seen" in prepared.kwargs:
        return prepared
    return prepared.if_version(displayed_or(request, str(version)))


def displayed_or(request: Request, now: str) -> str:
    """The version that the first page displayed, for an act's `seen`; `now`, what is stored, on a page without one.

    The confirmation carries it, and the last step must say it.
    """
    if request.method != "POST":
        return now
    displayed = read_displayed(request, submitted_data(request)).version
    return displayed if displayed or request.POST.get("_step") == ACT else now


def confirm_or_refuse(
    request: Request,
    prepared: Prepared[Any],
    page: Callable[[], Confirmation],
    then: Callable[[Any], HttpResponse] | None = None,
) -> HttpResponse:
    """`confirm` for an office's act without a form: it leads back, and a refusal is a page of the desk."""
    try:
        return confirm(request, prepared, page, then or (lambda _: HttpResponseRedirect(page().back)))
    except Refused as refusal:
        return refusal_page(request, refusal, page().back, context=page().context)


class _Steps(Generic[R]):
    """The steps of one confirmation."""

    def __init__(self, request: Request, prepared: Prepared[R], page: Callable[[], Confirmation]) -> None:
        self.request, self.prepared, self.page = request, prepared, cache(page)
        self.step = request.POST.get("_step", "")
        self.is_last = self.step == ACT
        self.needs_key = prepared.needs_step_up and prepared.by.signs_with_key
        guardian_of = self.page().guardian_of if SEND_GUARDIAN in (self.step, request.POST.get("_to")) else None
        self.guardian_of = guardian_of
        self.guardian_phone = "" if guardian_of is None else guardian_phone(guardian_of)

    def execute(self, then: Callable[[Any], HttpResponse]) -> HttpResponse:
        """Execute with the second factor that came, or with none where none is required.

        A page that was sent before gets the first answer.
        """
        act = self.prepared
        if act.needs_step_up:
            data = self.request.POST
            # A code that was sent to the guardian is looked up under the guardian's phone.
            phone_hash = blind(self.guardian_phone) if self.guardian_phone else None
            code, assertion = data.get("_code", ""), data.get("_assertion", "")
            act = act.with_step_up(code=code, assertion=assertion, phone_hash=phone_hash)
        answers: list[HttpResponse] = []

        def locate(result: object) -> str:
            answers.append(self._answer(result, then))
            return self.page().back if isinstance(result, AwaitingSecond) else answers[0].get("Location", "")

        try:
            result = act.on_page(PageRequest(digest_page(self.request), locate)).execute()
        except AlreadyDone as first:
            return HttpResponseRedirect(first.location)
        return answers[0] if answers else self._answer(result, then)

    def _answer(self, result: object, then: Callable[[Any], HttpResponse]) -> HttpResponse:
        """The answer after the act; for the first of two persons a page that says who is next."""
        if not isinstance(result, AwaitingSecond):
            return then(result.result if isinstance(result, Done) else result)
        page = self.page()
        values = {"page": page, "awaiting": result, "base": "base_desk.html"}
        return render(self.request, "kit/proposed.html", page.context | values, status=202)

    def show_next(self) -> HttpResponse:
        """Send the code if it is requested, to the person's or the guardian's phone, and display the page."""
        if self.step not in (SEND, SEND_GUARDIAN):
            return self.show(sent=False)
        act, to = self.prepared, self.guardian_of
        try:
            step_up_requests.send_code(by=act.by, act=act.spec.name, content=act.content, to_guardian_of=to)
        except Refused as refusal:
            return self.show(sent=False, refusal=refusal)
        return self.show(sent=True)

    def show(self, *, sent: bool, refusal: Refused | None = None) -> HttpResponse:
        """The confirmation page; with the refusal's status when there is one, so that it is not taken for success."""
        act, page, options = self.prepared, self.page(), None
        is_post = self.request.method == "POST"
        # A challenge is stored, and a GET writes nothing.
        if self.needs_key and is_post:
            try:
                options = step_up_requests.challenge(by=act.by, act=act.spec.name, content=act.content)
            except StepUpRequired as missing:
                refusal = refusal or missing
        approvals, carried = page.approvals, page.carry
        if act.needs_second_person:
            approvals = strip_of(find_open_proposal(act.spec.name, act.content), page.act, act.basis.version)
        carried = submitted_data(self.request) if carried is None else carried.copy()
        if act.basis.version and not read_displayed(self.request, carried).version:
            carried[FIELD] = seal_displayed(self.request, act.basis.version)
        values = {
            "page": page,
            "base": "base_desk.html" if act.by.signs_with_key else "base_public.html",
            "approvals": approvals,
            "typed": signing.dumps(carried.urlencode(), salt=_salt(self.request)),
            "key": self.request.POST.get("_key", ""),
            "needs_code": act.needs_step_up and not self.needs_key,
            "needs_key": self.needs_key,
            "options": json.dumps(options) if options else "",
            "ready": is_post,
            "sent": sent,
            "refusal": refusal,
            "to_guardian": self.guardian_of is not None,
            "guardian_phone": self.guardian_phone,
        }
        status = 200 if refusal is None else refusal.status
        return render(self.request, page.template, page.context | values, status=status)
