"""One act of a bureau: effects first, the other person's wish if there is one, then the key. (I6)"""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect

from yangguang.actions.base.action import ActionSpec
from yangguang.actions.base.audit_record import content_of
from yangguang.queries.accounts.proposals import same_wish
from yangguang.rules.base.refusals import Refused
from yangguang.web.authority.base.layout import framed, page
from yangguang.web.kit.actor import Request
from yangguang.web.kit.approval_strip import strip
from yangguang.web.kit.confirmation import Confirm, two_steps

Effects = list[tuple[str, bool]]


def sign(
    request: Request,
    verb: Callable[..., Any],
    kwargs: dict[str, Any],
    *,
    title: str,
    act: str,
    effects: Effects,
    back: str,
    danger: bool = False,
    more: dict[str, Any] | None = None,
    then: Callable[[Any], HttpResponse] | None = None,
    first: Callable[[], object] | None = None,
) -> HttpResponse:
    """Confirm, sign, act, and go `back`; a refusal is a page of this desk.

    Args:
        more: further context of the confirm page. then: where to go instead of `back`. first: see `ask`.
    """
    try:
        return ask(
            request,
            verb,
            kwargs,
            title=title,
            act=act,
            effects=effects,
            back=back,
            danger=danger,
            more=more,
            then=then,
            first=first,
        )
    except Refused as refusal:
        return refused(request, refusal, back)


def ask(
    request: Request,
    verb: Callable[..., Any],
    kwargs: dict[str, Any],
    *,
    title: str,
    act: str,
    effects: Effects,
    back: str,
    danger: bool = False,
    more: dict[str, Any] | None = None,
    then: Callable[[Any], HttpResponse] | None = None,
    first: Callable[[], object] | None = None,
) -> HttpResponse:
    """The same for a view with a form, which shows the refusal beside what was typed.

    Args:
        first: what the act itself will ask, called before anybody is led to the key.
    Raises:
        Refused: the act's own refusals.
    """
    spec: ActionSpec = verb.spec  # type: ignore[attr-defined]
    if not request.POST.get("_step"):
        require_reach(request, verb, **kwargs)
        if first is not None:
            first()
    values = framed(request) | (more or {})
    if spec.takes_two(request.actor):
        values["two"] = strip(same_wish(spec.name, content_of(spec.name, kwargs)), act)
    asked = Confirm(
        title, act, effects, back, danger=danger, more=values, template="authority/base/confirm.html"
    )
    return two_steps(request, verb, kwargs, asked, then or (lambda _: HttpResponseRedirect(back)))


def require_reach(request: Request, verb: Callable[..., Any], **kwargs: Any) -> None:
    """The subject of the act is within this officer's reach, as the act will ask again.

    Raises:
        NotFound: it is not.
    """
    spec: ActionSpec = verb.spec  # type: ignore[attr-defined]
    if spec.on:
        row = kwargs[spec.on]
        rows = type(row).objects.for_actor(request.actor, spec.right, via=spec.via)
        rows.get_or_not_found(pk=row.pk)


def refused(
    request: Request, refusal: Refused, back: str, way_out: tuple[str, str] = ("", "")
) -> HttpResponse:
    """What was refused, why, and what to do now, inside the desk.

    Args:
        way_out: (what to do, address) of the page where that is done, when there is one.
    """
    values = {"refusal": refusal, "back": back, "way_out": way_out}
    return page(request, "base/refused", values, status=refusal.status)
