"""Every route names its right: `path("plans/", guard(Right.PLAN_READ_PUBLISHED)(plan_list))`. (T1.05)"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect

from yangguang.actions.base import denied
from yangguang.rules.accounts.rights import Right
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.refusals import Refused
from yangguang.web.kit.actor import Request
from yangguang.web.kit.repeats import find_repeat

View = Callable[..., HttpResponse]


def guard(right: Right) -> Callable[[View], View]:
    """Restrict a view to the roles that have `right`.

    A guest is redirected to the log-in and back; a role without the right, or that must give a reason first, gets
    403 and a record in the log. No cache stores the page of a person who is signed in.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def entered(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            cell = request.actor.may(right)
            if cell is None or cell.with_reason:
                return _refuse(request, right)
            answer = _answer_once(request, lambda: view(request, *args, **kwargs))
            if request.actor.role is not Role.GUEST:
                answer.headers.setdefault("Cache-Control", "private, no-store")
            return answer

        entered.right = right  # type: ignore[attr-defined]
        return entered

    return wrap


def _answer_once(request: Request, view: Callable[[], HttpResponse]) -> HttpResponse:
    """The view's answer; where it refuses a page that was sent before and is done, the first answer instead.

    A form that is built from the present state refuses what the first request has done.
    """
    try:
        answer = view()
    except Refused:
        if location := find_repeat(request):
            return HttpResponseRedirect(location)
        raise
    if answer.status_code >= 400 and (location := find_repeat(request)):
        return HttpResponseRedirect(location)
    return answer


def _refuse(request: Request, right: Right) -> HttpResponse:
    if request.actor.role is not Role.GUEST:
        denied.refuse(by=request.actor, right=right)
    # A redirect cannot send a form again, so after a POST the log-in leads back to the page of the form.
    back = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    target = "/login/?" + urlencode({"next": back})
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)
