"""Leaving, and the size of the letters."""

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from yangguang.web.kit.actor import Request
from yangguang.web.kit.context import ELDER
from yangguang.web.login.redirects import asked_for

_YEAR = 365 * 24 * 3600


@require_POST
def log_out(request: Request) -> HttpResponse:
    """End the session, on this device at once: the next person at a shared computer finds nothing."""
    request.session.flush()
    answer = HttpResponseRedirect("/")
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@require_safe
def elder(request: Request) -> HttpResponse:
    """Switch between the standard and the large letters; only this browser remembers it."""
    answer = HttpResponseRedirect(asked_for(request) or "/")
    if request.COOKIES.get(ELDER) == "1":
        answer.delete_cookie(ELDER)
    else:
        answer.set_cookie(ELDER, "1", max_age=_YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    return answer
