"""What every page of the auditor's desk has around it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yangguang.rules.rights import Right
from yangguang.web.kit.actor import Request

NAV = (
    ("概况", "auditor:home", Right.HEALTH_READ_INTERNAL),
    ("日志", "auditor:log", Right.AUDIT_LOG_READ),
    ("证明", "auditor:proofs", Right.HEALTH_READ_INTERNAL),
    ("不变量", "auditor:invariants", Right.HEALTH_READ_INTERNAL),
)


def page(request: Request, template: str, values: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of this desk, with the navigation the seat may use."""
    nav = []
    for label, name, right in NAV:
        url = reverse(name)
        here = request.path == url if name == "auditor:home" else request.path.startswith(url)
        if request.actor.may(right):
            nav.append((label, url, here))
    return render(request, f"auditor/{template}.html", {"nav": nav} | values, status=status)
