"""Acts that wait for a second person, with the page on which that person does the same. (F-I6)"""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang.queries.accounts.proposals import list_open_proposals
from yangguang.web.authority.base.layout import page
from yangguang.web.kit.actor import Request
from yangguang.web.kit.paging import page_of

PAGES = {
    "window.set": ("开放时间", "authority:windows"),
    "round.open": ("批次", "authority:rounds"),
    "imported.load": ("考试机构结果", "authority:imports"),
    "imported.settle": ("考试机构结果", "authority:imports"),
    "check_in.release_absent": ("批次", "authority:rounds"),
}


@require_safe
def proposals(request: Request) -> HttpResponse:
    """The open proposals of the unit and below, the oldest first."""
    listed = page_of(request, list_open_proposals(request.actor), ("proposed_at", "public_id"))
    rows = [(proposal, *PAGES.get(proposal.action, ("", ""))) for proposal in listed.rows]
    return page(request, "accounts/proposals", {"rows": rows, "list": listed})
