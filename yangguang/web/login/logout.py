"""Log-out, and the size of the letters."""

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from yangguang.web.kit.actor import Request
from yangguang.web.kit.context import ELDER
from yangguang.web.login.redirects import next_url

_YEAR = 365 * 24 * 3600


@require_POST
def log_out(request: Request) -> HttpResponse:
    """End the session and clear this browser's cache, so that nothing stays on a shared computer."""
    request.session.flush()
    return HttpResponseRedirect("/", headers={"Clear-Site-Data": '"cache"'})


@require_safe
def elder(request: Request) -> HttpResponse:
    """Switch between the standard and the large letters; only this browser remembers it."""
    answer = HttpResponseRedirect(next_url(request) or "/")
    if request.COOKIES.get(ELDER) == "1":
        answer.delete_cookie(ELDER)
    else:
        answer.set_cookie(ELDER, "1", max_age=_YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    return answer
