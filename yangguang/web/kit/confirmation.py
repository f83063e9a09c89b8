"""An act in two steps: first the effects are read, then it is proved by a code or a key's signature. (B5; I6)

What was typed travels in one signed hidden field and is checked again at every step, so a wrong code loses
nothing, and a code or signature is bound to exactly what the page shows.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from yangguang.actions.accounts import step_up_requests
from yangguang.actions.base.action import ActionSpec
from yangguang.actions.base.audit_record import content_of
from yangguang.models import Proposal
from yangguang.models.base.fields import blind
from yangguang.queries.accounts.guardians import guardian_phone
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.base.refusals import Refused, StepUpRequired
from yangguang.web.kit.actor import Request

OUR_OWN = ("csrfmiddlewaretoken", "_key", "_step", "_code", "_assertion", "_typed", "_to")
SEND, ACT, SEND_GUARDIAN = "send", "act", "send_guardian"


@dataclass(frozen=True)
class Confirm:
    """The page that is read before an act.

    Args:
        title: the question ("提交这 3 个志愿？"). act: label of the button ("提交志愿").
        effects: what will happen, first what is lost: (sentence, is it a loss).
        back: where 不办了 leads.
        more: further context of the page (nav, crumbs, a list to check).
        template: extends `kit/confirm.html`, when there is more to show than effects.
        carry: what travels to the next step, when it is not simply what was typed (a page opened by GET).
        guardian_of: the person (row id) whose guardian's phone may get the code instead of the own one.
    """

    title: str
    act: str
    effects: list[tuple[str, bool]]
    back: str
    danger: bool = False
    more: dict[str, Any] = field(default_factory=dict)
    template: str = "kit/confirm.html"
    carry: QueryDict | None = None
    guardian_of: int | None = None


def typed(request: Request) -> QueryDict:
    """What the first page sent, however often the code was wrong since; the view's form is made from it."""
    sealed = request.POST.get("_typed")
    if sealed is not None:
        try:
            return QueryDict(signing.loads(sealed, salt=_salt(request)))
        except signing.BadSignature:
            raise Refused(
                "这个确认页已失效", why="内容被改动过，或者登录已更换", now="请返回上一页重新办理"
            ) from None
    mine = request.POST.copy()
    for name in OUR_OWN:
        mine.pop(name, None)
    return mine


def two_steps(
    request: Request,
    verb: Callable[..., Any],
    kwargs: dict[str, Any],
    page: Confirm,
    then: Callable[[Any], HttpResponse],
) -> HttpResponse:
    """Show the confirm page, send the code or ask the key, and at last act.

    Args:
        verb: an action (`answers.accept`). kwargs: exactly what it is called with, besides `by`.
        then: from the action's result to the answer; a `Proposal` (first of two people) has its own page.
    Raises:
        Refused: the act's own refusals, for the view to show beside its form. A wrong code or signature is
            said on the confirm page instead.
    """
    asked = _Asked(request, verb, kwargs, page)
    step = request.POST.get("_step", "")
    try:
        if step == ACT:
            return asked.done(then)
        if step in (SEND, SEND_GUARDIAN):
            asked.send_code()
        return asked.shown(sent=step in (SEND, SEND_GUARDIAN))
    except StepUpRequired as refusal:
        return asked.shown(sent=step == ACT, refusal=refusal)
    except Refused as refusal:
        if step not in (SEND, SEND_GUARDIAN):
            raise
        return asked.shown(refusal=refusal)


def proved(request: Request) -> Actor:
    """The actor with the factor that came with this request."""
    return request.actor.with_factor(
        code=request.POST.get("_code", ""), assertion=request.POST.get("_assertion", "")
    )


class _Asked:
    """One act that waits for its factor."""

    def __init__(
        self, request: Request, verb: Callable[..., Any], kwargs: dict[str, Any], page: Confirm
    ) -> None:
        self.request, self.verb, self.kwargs, self.page = request, verb, kwargs, page
        spec: ActionSpec = verb.spec  # type: ignore[attr-defined]
        self.name, self.content = spec.name, content_of(spec.name, kwargs)
        cell = request.actor.may(spec.right)
        self.fresh = cell is not None and cell.fresh
        self.by_key = self.fresh and request.actor.signs_with_key
        wants = SEND_GUARDIAN in (request.POST.get("_step"), request.POST.get("_to"))
        self.guarded = page.guardian_of if wants else None

    def done(self, then: Callable[[Any], HttpResponse]) -> HttpResponse:
        """Act with the proof that came, or with none where none is asked."""
        result = self.verb(by=self._proved() if self.fresh else self.request.actor, **self.kwargs)
        if not isinstance(result, Proposal):
            return then(result)
        values = {"page": self.page, "proposal": result, "base": "base_desk.html"}
        return render(self.request, "kit/proposed.html", self.page.more | values, status=202)

    def send_code(self) -> None:
        to = self.guarded
        step_up_requests.send_code(
            by=self.request.actor, act=self.name, content=self.content, to_guardian_of=to
        )

    def _proved(self) -> Actor:
        """The proof that came; a code that was sent to the guardian is looked for at the guardian's phone."""
        if self.guarded is None:
            return proved(self.request)
        code, phone = self.request.POST.get("_code", ""), guardian_phone(self.guarded)
        return self.request.actor.with_factor(code=code, phone_hash=blind(phone) if phone else None)

    def shown(self, *, sent: bool = False, refusal: Refused | None = None) -> HttpResponse:
        """The confirm page; 403 when a proof was refused, so that nobody takes it for done."""
        request, by = self.request, self.request.actor
        options: dict[str, Any] | None = None
        if self.by_key and request.method == "POST":  # A challenge is kept, and a GET changes nothing.
            try:
                options = step_up_requests.challenge(by=by, act=self.name, content=self.content)
            except StepUpRequired as missing:
                refusal = refusal or missing
        values = {
            "page": self.page,
            "base": "base_desk.html" if by.signs_with_key else "base_public.html",
            "typed": self._sealed(),
            "key": request.POST.get("_key", ""),
            "needs_code": self.fresh and not self.by_key,
            "needs_key": self.by_key,
            "options": json.dumps(options) if options else "",
            "ready": request.method == "POST",
            "sent": sent,
            "refusal": refusal,
            "to_guardian": self.guarded is not None,
            "guardian_phone": "" if self.guarded is None else guardian_phone(self.guarded),
        }
        status = 200 if refusal is None else refusal.status
        return render(request, self.page.template, self.page.more | values, status=status)

    def _sealed(self) -> str:
        carried = self.page.carry if self.page.carry is not None else typed(self.request)
        return signing.dumps(carried.urlencode(), salt=_salt(self.request))


def _salt(request: Request) -> str:
    """A sealed content is good for the page and the person it was sealed for."""
    return f"factor:{request.path}:{request.actor.account}"
