"""Every failure becomes a page in Chinese: what, why, what now; never a stack trace. (X1.04, F-N8)"""

import sys
import uuid
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import structlog
from django.core.exceptions import BadRequest, DisallowedHost, PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.template.loader import render_to_string

from yangguang.rules.base.refusals import Refused

log = structlog.get_logger(__name__)
PAGES = frozenset({403, 404, 409, 413, 422, 500, 503})
FORGED = Refused(
    "这个页面已经过期，刚才的内容没有提交",
    why="页面里的防伪标记和您现在的登录对不上：可能登录已更换，或浏览器禁用了Cookie",
    now="请退回上一页刷新后再提交；内容仍在页面上，可先复制下来",
)


class RefusalMiddleware:
    """Answers what a view raised."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse:
        return answer(request, exception)


def answer(request: HttpRequest, fault: BaseException | None) -> HttpResponse:
    """The page for `fault`; it needs no database, because the database may be what is broken."""
    match fault:
        case Refused():
            return page(request, fault.status, fault)
        case Http404():
            return page(request, 404)
        case PermissionDenied():
            return page(request, 403)
        case DisallowedHost():
            # No page of ours: its links would lead to a site that is not ours.
            plain = "网址不对：这个域名不是本平台的网址，请核对后重新输入。\n"
            return HttpResponse(plain, status=400, content_type="text/plain; charset=utf-8")
        case SuspiciousOperation() | BadRequest():
            return page(request, 422)
        case OperationalError() | InterfaceError():
            log.error("database unavailable", path=request.path, fault=type(fault).__name__)
            return page(request, 503, kept=typed_in(request))
    trace = uuid.uuid4().hex[:8]
    log.error("unexpected", trace=trace, path=request.path, exc_info=fault)
    return page(request, 500, trace_code=trace)


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """Every field of the form that could not be taken, so that the page can send it once more."""
    if request.method != "POST":
        return []
    try:
        return [(name, value) for name, values in request.POST.lists() for value in values]
    except (UnreadablePostError, SuspiciousOperation):
        return []


def page(
    request: HttpRequest,
    status: int,
    refusal: Refused | None = None,
    *,
    trace_code: str = "",
    kept: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """The error page of `status`; for a partial request, only the refusal itself."""
    shown = status if status in PAGES else 422
    partial = request.headers.get("HX-Request") and refusal is not None
    template = "components/refusal.html" if partial else f"errors/{shown}.html"
    html = render_to_string(template, {"refusal": refusal, "trace_code": trace_code, "kept": kept})
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": "30"} if shown == 503 else {})
    return HttpResponse(html, status=shown, headers=headers)


class FixLink(NamedTuple):
    """The page where something can be done about a refusal."""

    label: str
    url: str


def refusal_page(
    request: HttpRequest,
    refusal: Refused,
    back: str,
    *,
    context: dict[str, Any],
    template: str = "kit/refused.html",
    fix_link: FixLink | None = None,
) -> HttpResponse:
    """What was refused, why, and what to do now, as a page of a desk.

    Args:
        context: the desk's own values (navigation, tabs). template: of the desk's layout.
    """
    values = {"refusal": refusal, "back": back, "fix_link": fix_link}
    return render(request, template, context | values, status=refusal.status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler404`: an address no one answers."""
    return page(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """`handler500`: what was raised outside of a view, by a middleware or while the session was stored."""
    return answer(request, sys.exc_info()[1])


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler403`."""
    return page(request, 403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler400`: a malformed request, or one under another site's name."""
    return answer(request, exception)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """`CSRF_FAILURE_VIEW`: a POST that did not come from our own page."""
    return page(request, 403, FORGED)
