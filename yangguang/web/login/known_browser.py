"""Browsers in which a family has logged in before: their codes have a limit that no other browser uses up. (T2.08)"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from yangguang.rules.accounts.actors import KnownBrowser, mark_phone
from yangguang.web.kit.actor import open_session

COOKIE, PATH = "browser", "/login/"
MAX_AGE = 400 * 24 * 3600
"""Seconds; no browser keeps a cookie for longer."""
MAX_PHONES = 5
_SALT = "known browser"


def read_known_browser(request: HttpRequest) -> KnownBrowser | None:
    """What the browser's cookie says; None without one, or when it is not ours."""
    try:
        token, *phones = signing.loads(request.COOKIES[COOKIE], salt=_SALT, max_age=MAX_AGE)
    except (KeyError, ValueError, TypeError, signing.BadSignature):
        return None
    return KnownBrowser(str(token), frozenset(map(str, phones)))


def enter_family(request: HttpRequest, account: int, phone_hash: bytes, url: str) -> HttpResponse:
    """Open the session of a family and lead it to `url`; from now on the browser is known.

    Args:
        account: row id. phone_hash: blind index of the phone that logged in.
    """
    open_session(request, account)
    response = HttpResponseRedirect(url)
    _remember(request, response, phone_hash)
    return response


def _remember(request: HttpRequest, response: HttpResponse, phone_hash: bytes) -> None:
    """Give the browser a cookie that names this phone, beside those it names already."""
    known = read_known_browser(request)
    token = known.token if known else secrets.token_hex(16)
    others = sorted(known.phones - {mark_phone(phone_hash)})[: MAX_PHONES - 1] if known else []
    response.set_cookie(
        COOKIE,
        signing.dumps([token, mark_phone(phone_hash), *others], salt=_SALT),
        max_age=MAX_AGE,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
