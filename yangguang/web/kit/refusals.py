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


def answer(request: HttpRequest, exception: BaseException | None = None) -> HttpResponse:
    """The page for `exception`; also `handler400` to `handler500`. It needs no database, which may be what failed.

    Args:
        exception: by default the one being handled, raised outside of a view (by a middleware, or while the session
            was stored).
    """
    exception = exception or sys.exc_info()[1]
    match exception:
        case Refused():
            return page(request, exception.status, exception)
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
            log.error("database unavailable", path=request.path, fault=type(exception).__name__)
            return page(request, 503, fields=_list_posted_fields(request))
    trace = uuid.uuid4().hex[:8]
    log.error("unexpected", trace=trace, path=request.path, exc_info=exception)
    return page(request, 500, trace_code=trace)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """`CSRF_FAILURE_VIEW`: a POST that did not come from our own page."""
    return page(request, 403, FORGED)


def _list_posted_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Every field of the form that could not be processed, so that the page can send it once more."""
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
    fields: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """The error page of `status`; for a partial request, only the refusal."""
    status = status if status in PAGES else 422
    is_partial = request.headers.get("HX-Request") and refusal is not None
    template = "components/refusal.html" if is_partial else f"errors/{status}.html"
    html = render_to_string(template, {"refusal": refusal, "trace_code": trace_code, "fields": fields})
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": "30"} if status == 503 else {})
    return HttpResponse(html, status=status, headers=headers)


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
