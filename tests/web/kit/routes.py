"""Routes of the tests of web/kit: failures, guards, a confirmation, a list in pages."""

from typing import Any

from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from yangguang.actions.seasons import windows
from yangguang.models import Season, Unit
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import VersionConflict
from yangguang.rules.seasons.windows import WindowKind
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, confirm, redirect_to, submitted_data
from yangguang.web.kit.guard import guard
from yangguang.web.kit.paging import page_of

STALE = VersionConflict("这一页打开之后，内容已被别人改过", why="版本不同", now="请刷新页面")


def fail_with(fault: Exception) -> Any:
    def view(request: Request) -> HttpResponse:
        raise fault

    return guard(Right.SCHOOL_DIRECTORY_READ)(view)


def set_window(request: Request) -> HttpResponse:
    """A staff act of two people, as a desk would write it."""
    data = submitted_data(request)
    kwargs = {
        "season": Season.objects.get(),
        "round": None,
        "kind": WindowKind.CHOICES,
        "opens_at": None,
        "closes_at": None,
        "source": data.get("source", ""),
    }
    page = Confirmation("设定开放时间？", "设定开放时间", [("按新时间开放。", False)], "/desk/")
    prepared = windows.set_window.prepare(by=request.actor, **kwargs)
    return confirm(request, prepared, lambda: page, redirect_to("/done/"))


def list_units(request: Request) -> HttpResponse:
    order = {"code": ["code"], "-code": ["-code"], "name": ["name", "code"], "-name": ["-name", "code"]}
    page = page_of(request, Unit.objects.order_by(), order[request.GET.get("sort", "code")], 3)
    rows = ",".join(unit.code for unit in page.rows)
    return HttpResponse(f"{rows}|{page.previous}|{page.next}")


def show_page(request: Request) -> HttpResponse:
    return render(request, "errors/404.html")


urlpatterns = [
    path("", include("yangguang.web.login.urls")),
    path("missing/", fail_with(Http404())),
    path("stale/", fail_with(STALE)),
    path("down/", fail_with(OperationalError("server closed the connection: secret detail"))),
    path("bug/", fail_with(ZeroDivisionError("secret detail"))),
    path("bureau/", guard(Right.PLAN_APPROVE)(show_page)),
    path("window/", guard(Right.ROUND_WINDOW_SET)(set_window)),
    path("names/", guard(Right.SCHOOL_DIRECTORY_READ)(list_units)),
    # Header and footer name pages of the public desk.
    path("", include("yangguang.web.public.urls")),
]
handler404 = handler500 = "yangguang.web.kit.refusals.answer"
UNGUARDED = [path("open/", show_page)]
