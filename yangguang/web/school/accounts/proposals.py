"""Acts of the school that wait for a second person; withdrawing one with the words of why. (F-I6)"""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang.web.kit.actor import Request
from yangguang.web.kit.withdrawal import list_proposals, withdraw_proposal
from yangguang.web.school.base.layout import layout_context, page

PAGES = {"aptitude_test.load": ("自主测试加分", "school:aptitude_tests")}


@require_safe
def proposals(request: Request) -> HttpResponse:
    """The proposals of the school."""
    return page(request, "accounts/proposals", list_proposals(request, PAGES))


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, proposal: UUID) -> HttpResponse:
    """Withdraw a proposal with words."""
    return withdraw_proposal(request, proposal, reverse("school:proposals"), layout_context(request))
