"""Acts that wait for a second person, with the page on which that person does the same. (F-I6)"""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang.web.authority.base.layout import layout_context, page
from yangguang.web.kit.actor import Request
from yangguang.web.kit.withdrawal import list_proposals, withdraw_proposal

PAGES = {
    "window.set": ("开放时间", "authority:windows"),
    "round.open": ("批次", "authority:rounds"),
    "exam_result.load": ("中招成绩", "authority:scores"),
    "imported.load": ("考试机构结果", "authority:imports"),
    "imported.settle": ("考试机构结果", "authority:imports"),
    "check_in.release_absent": ("批次", "authority:rounds"),
    "plan.change_after_open": ("计划调整申请", "authority:plan_changes"),
    "qualification.publish": ("学校名录", "authority:school_lists"),
}


@require_safe
def proposals(request: Request) -> HttpResponse:
    """The proposals of the unit and below."""
    return page(request, "accounts/proposals", list_proposals(request, PAGES))


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, proposal: UUID) -> HttpResponse:
    """Withdraw a proposal with words."""
    return withdraw_proposal(request, proposal, reverse("authority:proposals"), layout_context(request))
