"""Who makes a request: the session's account and seat become the actor that pages and actions ask."""

from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from yangguang.gateways.ciphers import sm3
from yangguang.queries.accounts.actors import load_actor
from yangguang.rules.accounts.actors import GUEST, Actor
from yangguang.rules.accounts.roles import BUREAUS, FAMILY, SCHOOLS, Role

ACCOUNT, SEAT, KEY = "account", "seat", "key"
_LONGEST_KEY = 64


class Request(HttpRequest):
    """A request after the middleware: what views are typed with."""

    actor: Actor


class ActorMiddleware:
    """Puts `request.actor`; a browser without a session costs no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        request.actor = actor_for(request)
        return self.get_response(request)


def actor_for(request: HttpRequest) -> Actor:
    """The actor behind the session, with the request's idempotency key and the device's digest."""
    session = request.session
    account = session.get(ACCOUNT)
    who = GUEST if account is None else load_actor(account, session.get(SEAT), session.get(KEY, ""))
    key = request.POST.get("_key", "")[:_LONGEST_KEY] if request.method == "POST" else ""
    return replace(
        who,
        request_key=key,
        device=device_of(request),
        machine=machine_of(request),
        browser=_short(request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")),
        address=_short(address_of(request)),
    )


def device_of(request: HttpRequest) -> str:
    """A short digest of browser and address: enough to see many students on one device, not who they are."""
    return _short(f"{request.META.get('HTTP_USER_AGENT', '')}\n{address_of(request)}")


def address_of(request: HttpRequest) -> str:
    """Where the request comes from; it is never kept, only counted by its digest."""
    address: str = request.META.get("REMOTE_ADDR", "")
    if address in ("", "127.0.0.1", "::1"):  # Only our own proxy may say whom it speaks for.
        address = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or address
    return address


def _short(text: str) -> str:
    return sm3(text.encode()).hex()[:16] if text else ""


def machine_of(request: HttpRequest) -> str:
    """The kind of device as the browser shows it, for the family to recognise its own; "" when it does not."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    if "iPad" in agent or "Tablet" in agent or ("Android" in agent and "Mobile" not in agent):
        return "TABLET"
    if "Mobi" in agent or "iPhone" in agent:
        return "PHONE"
    return "COMPUTER" if agent.startswith("Mozilla/") else ""


def sit(request: HttpRequest, account: int, seat: int | None = None, key: str = "") -> None:
    """Open the session of an account; a session id from before the log-in is worthless afterwards."""
    request.session.flush()
    request.session[ACCOUNT] = account
    if seat is not None:
        request.session[SEAT] = seat
    if key:
        request.session[KEY] = key


def home_of(role: Role) -> str:
    """Where a role's work begins; "" for a guest."""
    if role in FAMILY:
        return "/me/"
    if role in SCHOOLS or role is Role.JUNIOR_SCHOOL:
        return "/school/"
    if role in BUREAUS:
        return "/desk/"
    return "" if role is Role.GUEST else "/audit/"
