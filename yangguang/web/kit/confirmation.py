"""Confirm an act, then do it: the effects are read first, then a code or a key's signature is given. (F-B5, F-I6)

What was submitted travels in one signed hidden field and is checked again at every step, so a wrong code loses
nothing, and a code or signature is bound to exactly what the page shows.
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
from yangguang.models.base.fields import blind
from yangguang.queries.accounts.guardians import guardian_phone
from yangguang.queries.accounts.proposals import find_open_proposal
from yangguang.rules.base.refusals import Refused, StepUpRequired
from yangguang.web.kit.actor import Request
from yangguang.web.kit.approval_strip import ApprovalStep, strip_of
from yangguang.web.kit.refusals import refusal_page

OWN_FIELDS = ("csrfmiddlewaretoken", "_key", "_step", "_code", "_assertion", "_typed", "_to")
SEND, ACT, SEND_GUARDIAN = "send", "act", "send_guardian"
Effects = list[tuple[str, bool]]
R = TypeVar("R")


@dataclass(frozen=True)
class Confirmation:
    """The page that is read before an act.

    Args:
        title: the question ("提交这 3 个志愿？"). act: label of the button ("提交志愿").
        effects: what will happen, first what is lost: (sentence, is it a loss).
        back: where 不办了 leads.
        context: further values of the page (nav, crumbs, a list to check).
        template: extends `kit/confirm.html`, when there is more to show than effects.
        approvals: who has proposed and who is next, for acts where the two persons do different acts.
        carry: what travels to the next step, when it is not simply what was submitted (a page opened by GET).
        guardian_of: the person (row id) whose guardian's phone may get the code instead of the own one.
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
    """What the first page sent, however often the code was wrong since; the view's form is made from it.

    Raises:
        Refused: the hidden field was changed, or was made for another log-in or page.
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


def redirect_to(url: str) -> Callable[[object], HttpResponse]:
    """The answer after an act that leads to `url`, whatever its result."""
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
    """Show the confirmation page, send the code or challenge the key, and at last execute.

    At every step but the last one the preflight says what stands against the act, before a code is sent or a key
    is asked for; the last step leaves that to the act itself, so that a button pressed twice gets the first answer.

    Args:
        page: called only when the page is shown.
        then: from the act's result to the answer; the first of two persons gets its own page.
    Raises:
        Refused: the act's own refusals, for the view to show beside its form. A wrong code or signature is shown
            on the confirmation page instead.
    """
    steps = _Steps(request, prepared, page)
    try:
        if steps.is_last:
            return steps.execute(then)
        prepared.preflight(clock.now())
        return steps.show_next()
    except StepUpRequired as refusal:
        return steps.show(sent=steps.is_last, refusal=refusal)


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
        shown = page()
        return refusal_page(request, refusal, shown.back, context=shown.context)


class _Steps(Generic[R]):
    """The steps of one confirmation."""

    def __init__(self, request: Request, prepared: Prepared[R], page: Callable[[], Confirmation]) -> None:
        self.request, self.prepared, self.page = request, prepared, cache(page)
        self.step = request.POST.get("_step", "")
        self.is_last = self.step == ACT
        self.sends_code = self.step in (SEND, SEND_GUARDIAN)
        self.needs_key = prepared.needs_step_up and prepared.by.signs_with_key
        self.needs_code = prepared.needs_step_up and not prepared.by.signs_with_key
        wants_guardian = SEND_GUARDIAN in (self.step, request.POST.get("_to"))
        self.guardian_of = self.page().guardian_of if wants_guardian else None

    def execute(self, then: Callable[[Any], HttpResponse]) -> HttpResponse:
        """Act with the second factor that came, or with none where none is required."""
        act = self._stepped_up() if self.prepared.needs_step_up else self.prepared
        result: Any = act.execute()
        if not isinstance(result, AwaitingSecond):
            return then(result.result if isinstance(result, Done) else result)
        page = self.page()
        values = {"page": page, "proposal": result.proposal, "base": "base_desk.html"}
        return render(self.request, "kit/proposed.html", page.context | values, status=202)

    def show_next(self) -> HttpResponse:
        """Send the code if it is asked for, to the own or the guardian's phone, and show the page."""
        if not self.sends_code:
            return self.show(sent=False)
        act, to = self.prepared, self.guardian_of
        try:
            step_up_requests.send_code(by=act.by, act=act.spec.name, content=act.content, to_guardian_of=to)
        except Refused as refusal:
            return self.show(sent=False, refusal=refusal)
        return self.show(sent=True)

    def _stepped_up(self) -> Prepared[R]:
        """The act with the factor that came; a code sent to the guardian is looked for at the guardian's phone."""
        sent = self.request.POST
        phone = "" if self.guardian_of is None else guardian_phone(self.guardian_of)
        return self.prepared.with_step_up(
            code=sent.get("_code", ""), assertion=sent.get("_assertion", ""), phone_hash=blind(phone) if phone else None
        )

    def show(self, *, sent: bool, refusal: Refused | None = None) -> HttpResponse:
        """The confirmation page; with the refusal's status when there is one, so that no one takes it for done."""
        act, options = self.prepared, None
        # A challenge is stored, and a GET writes nothing.
        if self.needs_key and self.request.method == "POST":
            try:
                options = step_up_requests.challenge(by=act.by, act=act.spec.name, content=act.content)
            except StepUpRequired as missing:
                refusal = refusal or missing
        page = self.page()
        values = {
            "page": page,
            "base": "base_desk.html" if self.prepared.by.signs_with_key else "base_public.html",
            "approvals": self._approvals(page),
            "typed": self._sealed(page),
            "key": self.request.POST.get("_key", ""),
            "needs_code": self.needs_code,
            "needs_key": self.needs_key,
            "options": json.dumps(options) if options else "",
            "ready": self.request.method == "POST",
            "sent": sent,
            "refusal": refusal,
            "to_guardian": self.guardian_of is not None,
            "guardian_phone": "" if self.guardian_of is None else guardian_phone(self.guardian_of),
        }
        status = 200 if refusal is None else refusal.status
        return render(self.request, page.template, page.context | values, status=status)

    def _approvals(self, page: Confirmation) -> list[ApprovalStep] | None:
        if not self.prepared.needs_second_person:
            return page.approvals
        return strip_of(find_open_proposal(self.prepared.spec.name, self.prepared.content), page.act)

    def _sealed(self, page: Confirmation) -> str:
        carried = submitted_data(self.request) if page.carry is None else page.carry
        return signing.dumps(carried.urlencode(), salt=_salt(self.request))


def _salt(request: Request) -> str:
    """What was sealed is good for one page and one account."""
    return f"factor:{request.path}:{request.actor.account}"
