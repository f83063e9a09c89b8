"""Acts that wait for a second person, with the page on which that person does the same. (F-I6)"""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yangguang.actions.accounts import proposals as acts
from yangguang.models import Proposal
from yangguang.queries.accounts.proposals import list_ended_proposals, list_open_proposals
from yangguang.rules.accounts.rights import Right
from yangguang.web.authority.base.layout import confirmation, page
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Effects, confirm_or_refuse
from yangguang.web.kit.paging import page_of

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
ENDED = 10


@require_safe
def proposals(request: Request) -> HttpResponse:
    """The open proposals of the unit and below, the oldest first, and those that ended lately without being done."""
    listed = page_of(request, list_open_proposals(request.actor), ("proposed_at", "public_id"))
    rows = [(proposal, *PAGES.get(proposal.action, ("", ""))) for proposal in listed.rows]
    values = {
        "rows": rows,
        "list": listed,
        "ended": list_ended_proposals(request.actor, ENDED),
        "may_withdraw": request.actor.may(Right.PROPOSAL_WITHDRAW),
    }
    return page(request, "accounts/proposals", values)


@require_POST
def withdraw(request: Request, proposal: UUID) -> HttpResponse:
    """What ends and what does not change, then the signature."""
    rows = Proposal.objects.for_actor(request.actor, Right.PROPOSAL_WITHDRAW).select_related("proposed_by")
    row = rows.get_or_not_found(public_id=proposal)
    effects: Effects = [
        (f"{row.proposed_by}提请的“{row.label}”不再等待第二个人，也不能再批准。", False),
        ("其他什么都不改变；同样的内容可以重新提请。", False),
    ]
    back = reverse("authority:proposals")
    confirm_page = confirmation(request, f"撤回“{row.label}”的提请？", "撤回提请", effects, back)
    prepared = acts.withdraw.prepare(by=request.actor, proposal=row)
    return confirm_or_refuse(request, prepared, lambda: confirm_page)
