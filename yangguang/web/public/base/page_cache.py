"""A guest's page is made once in a few seconds for all guests, and not sent again while it is the same. (F-H3)

Pages show, actions decide: a page that is five seconds old cannot let anyone act late.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from yangguang.gateways.ciphers import sm3
from yangguang.rules.accounts.roles import Role
from yangguang.web.kit.actor import Request
from yangguang.web.kit.context import ELDER

SECONDS = 5
KEPT = ("Content-Type", "Content-Disposition")
View = Callable[..., HttpResponse]


def shared(view: View) -> View:
    """Keep a guest's GET of this view for `SECONDS`, with an ETag; anything personal is never kept.

    A page with a form of its own (a CSRF token) or a cookie is somebody's own page and stays out.
    """

    @wraps(view)
    def seen(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor.role is not Role.GUEST or request.method not in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        key = _key(request)
        kept = cache.get(key)
        if kept is None:
            answer = view(request, *args, **kwargs)
            if answer.status_code != 200 or answer.cookies or request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
                answer.headers.setdefault("Cache-Control", "private, no-cache")
                return answer
            headers = {name: answer.headers[name] for name in KEPT if name in answer.headers}
            kept = (answer.content, headers, f'"{sm3(answer.content).hex()[:32]}"')
            cache.set(key, kept, SECONDS)
        return _answer(request, *kept)

    return seen


def _answer(request: Request, content: bytes, headers: dict[str, str], tag: str) -> HttpResponse:
    answer = HttpResponse(content, headers=headers)
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = f"public, max-age={SECONDS}"
    patch_vary_headers(answer, ["Cookie"])
    conditional = get_conditional_response(request, etag=tag, response=answer)
    return conditional if conditional is not None else answer


def _key(request: Request) -> str:
    elder = request.COOKIES.get(ELDER) == "1"
    return "page:" + sm3(f"{request.get_host()}{request.get_full_path()}\n{elder}".encode()).hex()
