"""The frame of the student's pages: where one is, and the tabs of one application."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yangguang.models import Application
from yangguang.rules.base.refusals import Refused
from yangguang.web.kit.actor import Request
from yangguang.web.kit.refusals import refusal_page

Trail = list[tuple[str, str]]
NOTHING_CHANGED = "什么都没有改变，您现有的名额和申请仍是原样。"
NOTHING_SUBMITTED = "什么都没有提交。"


def show(
    request: Request,
    template: str,
    values: dict[str, Any],
    *,
    application: Application | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render one page of the desk."""
    return render(request, template, frame(request, str(values.get("title", "")), application) | values, status=status)


def frame(request: Request, title: str, application: Application | None = None) -> dict[str, Any]:
    """Crumbs and tabs, also for pages the kit renders (confirm pages)."""
    trail: Trail = [("首页", "/"), ("我的页面", reverse("student:home")), (title, "")]
    return {"trail": trail if title else trail[:2], "tabs": _tabs(request, application), "application": application}


def refused(
    request: Request,
    title: str,
    refusal: Refused,
    back: str,
    application: Application,
    *,
    note: str = NOTHING_CHANGED,
    back_label: str = "返回",
) -> HttpResponse:
    """An act of this desk that was refused.

    Args:
        note: what stays as it is. back_label: of the button that leads to `back`.
    """
    context = {"title": title, "note": note, "back_label": back_label}
    return refusal_page(
        request,
        refusal,
        back,
        context=frame(request, title, application) | context,
        template="student/base/refused.html",
    )


def _tabs(request: Request, application: Application | None) -> list[tuple[str, str, bool, None]]:
    ways = [("我的进度", reverse("student:home"))]
    if application is not None:
        of = [application.public_id]
        ways = [
            ("我的进度", reverse("student:progress", args=of)),
            ("志愿填报", reverse("student:choices", args=[*of, 0])),
            ("结果与理由", reverse("student:results", args=of)),
        ]
    ways += [("消息", reverse("student:messages")), ("谁看过我的信息", reverse("student:seen"))]
    here = max((url for _, url in ways if request.path.startswith(_stem(url))), key=len, default="")
    return [(says, url, url == here, None) for says, url in ways]


def _stem(url: str) -> str:
    """Every round's page lies under the one tab 志愿填报."""
    return url.removesuffix("0/")
