"""Layout of the student's pages: crumbs, and the tabs of one application."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from yangguang.actions.base.action import Prepared
from yangguang.models import Application
from yangguang.rules.base.refusals import Refused
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, Effects, confirm, redirect_to
from yangguang.web.kit.refusals import refusal_page

NOTHING_CHANGED = "什么都没有改变，您现有的名额和申请仍是原样。"
NOTHING_SUBMITTED = "什么都没有提交。"


def render_page(
    request: Request,
    template: str,
    values: Mapping[str, object],
    *,
    application: Application | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render one page of the desk."""
    context = {**layout_context(request, str(values.get("title", "")), application), **values}
    return render(request, template, context, status=status)


def layout_context(request: Request, title: str, application: Application | None = None) -> dict[str, object]:
    """Title, crumbs and tabs; also for the confirmation pages of the kit."""
    trail = [("首页", "/"), ("我的页面", reverse("student:home")), (title, "")]
    crumbs = trail if title else trail[:2]
    return {"trail": crumbs, "tabs": _tabs(request, application), "title": title, "application": application}


def confirmation(
    request: Request,
    title: str,
    question: str,
    act: str,
    effects: Effects,
    back: str,
    application: Application | None = None,
    *,
    is_danger: bool = False,
    carry: QueryDict | None = None,
) -> Confirmation:
    """A confirmation page of this desk with the crumb `title`; for the other arguments see `Confirmation`."""
    context = layout_context(request, title, application)
    return Confirmation(question, act, effects, back, is_danger=is_danger, carry=carry, context=context)


def refused(
    request: Request,
    refusal: Refused,
    back: str,
    context: Mapping[str, object],
    *,
    note: str = NOTHING_CHANGED,
    back_label: str = "返回",
) -> HttpResponse:
    """An act of this desk that was refused.

    Args:
        context: from `layout_context`. note: what stays as it is. back_label: of the button that leads to `back`.
    """
    values = {**context, "note": note, "back_label": back_label}
    return refusal_page(request, refusal, back, context=values, template="student/base/refused.html")


def confirm_or_refuse(
    request: Request, prepared: Prepared[Any], page: Confirmation, then: str, *, note: str = NOTHING_CHANGED
) -> HttpResponse:
    """`confirm` for an act without a form: it leads to the address `then`; a refusal is a page with `note`."""
    try:
        return confirm(request, prepared, lambda: page, redirect_to(then))
    except Refused as refusal:
        return refused(request, refusal, page.back, page.context, note=note)


def _tabs(request: Request, application: Application | None) -> list[tuple[str, str, bool, None]]:
    """The tabs with the one marked that the page lies under; every round's page is under 志愿填报."""
    links = [("进度", reverse("student:home"))]
    if application is not None:
        args = [application.public_id]
        links = [
            ("进度", reverse("student:progress", args=args)),
            ("志愿", reverse("student:choices", args=[*args, 0])),
            ("结果", reverse("student:results", args=args)),
        ]
    links += [("消息", reverse("student:messages")), ("谁看过", reverse("student:seen"))]
    here = max((url for _, url in links if request.path.startswith(url.removesuffix("0/"))), key=len, default="")
    return [(label, url, url == here, None) for label, url in links]
