"""Cache a guest's page for all guests for a few seconds, with an ETag. (F-H3)

No one acts late because of a page that is five seconds old: actions check again.
"""

from collections.abc import Callable
from functools import wraps

from django.core.cache import cache
from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from yangguang.gateways.ciphers import sm3
from yangguang.rules.accounts.roles import Role
from yangguang.web.kit.actor import Request
from yangguang.web.kit.context import ELDER

SECONDS = 5
CACHED_HEADERS = ("Content-Type", "Content-Disposition")
View = Callable[..., HttpResponse]


def cache_for_guests(view: View) -> View:
    """Cache a guest's GET of this view; a page with a CSRF token or a cookie is personal and is not cached."""

    @wraps(view)
    def cached(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        if request.actor.role is not Role.GUEST or request.method not in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        key = _key(request)
        stored = cache.get(key)
        if stored is None:
            answer = view(request, *args, **kwargs)
            if answer.status_code != 200 or answer.cookies or request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
                answer.headers.setdefault("Cache-Control", "private, no-cache")
                return answer
            headers = {name: answer.headers[name] for name in CACHED_HEADERS if name in answer.headers}
            stored = (answer.content, headers, f'"{sm3(answer.content).hex()[:32]}"')
            cache.set(key, stored, SECONDS)
        return _answer(request, *stored)

    return cached


def _answer(request: Request, content: bytes, headers: dict[str, str], tag: str) -> HttpResponse:
    answer = HttpResponse(content, headers=headers)
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = f"public, max-age={SECONDS}"
    patch_vary_headers(answer, ["Cookie"])
    return get_conditional_response(request, etag=tag, response=answer) or answer


def _key(request: Request) -> str:
    elder = request.COOKIES.get(ELDER) == "1"
    return "page:" + sm3(f"{request.get_host()}{request.get_full_path()}\n{elder}".encode()).hex()
