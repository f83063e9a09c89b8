"""The actor of a request, made from the session's account and role assignment."""

from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from yangguang.gateways.ciphers import sm3
from yangguang.queries.accounts.actors import load_actor
from yangguang.rules.accounts.actors import GUEST, Actor
from yangguang.rules.accounts.roles import BUREAUS, FAMILY, SCHOOLS, Role

ACCOUNT, SEAT, KEY = "account", "seat", "key"
_LONGEST_KEY = 64
_PREFIX = {4: 32, 6: 64}
"""Bits of an address that count, by version."""


class Request(HttpRequest):
    """A request after the middleware: the type of a view's first argument."""

    actor: Actor


class ActorMiddleware:
    """Sets `request.actor`; a browser without a session costs no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        request.actor = actor_for(request)
        return self.get_response(request)


def actor_for(request: HttpRequest) -> Actor:
    """The actor behind the session, with the request's idempotency key and the device's digest."""
    session = request.session
    account = session.get(ACCOUNT)
    actor = GUEST if account is None else load_actor(account, session.get(SEAT), session.get(KEY, ""))
    return replace(
        actor,
        request_key=request.POST.get("_key", "")[:_LONGEST_KEY] if request.method == "POST" else "",
        device=device_of(request),
        device_kind=_device_kind(request.META.get("HTTP_USER_AGENT", "")),
        browser=_digest(request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")),
        session=_digest(session.session_key or "") if account is not None else "",
        address=_digest(_address_of(request)),
    )


def device_of(request: HttpRequest) -> str:
    """A short digest of browser and address: it shows many students on one device, but not who they are."""
    return _digest(f"{request.META.get('HTTP_USER_AGENT', '')}\n{_address_of(request)}")


def _address_of(request: HttpRequest) -> str:
    """The address a request comes from, of IPv6 the network: a household has all of its addresses.

    Only its digest is stored.
    """
    address: str = request.META.get("REMOTE_ADDR", "")
    if address in ("", "127.0.0.1", "::1"):  # Only our own proxy is believed about the address it forwards for.
        address = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or address
    try:
        return str(ip_network((address, _PREFIX[ip_address(address).version]), strict=False))
    except ValueError:
        return address


def _digest(text: str) -> str:
    return sm3(text.encode()).hex()[:16] if text else ""


def _device_kind(agent: str) -> str:
    """The kind of device named by the browser, so that a family recognises its own; "" when it is unknown."""
    if "iPad" in agent or "Tablet" in agent or ("Android" in agent and "Mobile" not in agent):
        return "TABLET"
    if "Mobi" in agent or "iPhone" in agent:
        return "PHONE"
    return "COMPUTER" if agent.startswith("Mozilla/") else ""


def open_session(request: HttpRequest, account: int, seat: int | None = None, key: str = "") -> None:
    """Start the session of an account; the session id from before the log-in becomes invalid.

    Args:
        seat: row id of the role assignment. key: the hardware key that signed the log-in.
    """
    request.session.flush()
    given = {ACCOUNT: account, SEAT: seat, KEY: key or None}
    request.session.update({name: value for name, value in given.items() if value is not None})


def home_of(role: Role) -> str:
    """The address of a role's own pages; "" for a guest."""
    if role in FAMILY:
        return "/me/"
    if role in SCHOOLS or role is Role.JUNIOR_SCHOOL:
        return "/school/"
    if role in BUREAUS:
        return "/desk/"
    return "" if role is Role.GUEST else "/audit/"
