"""The waiting list of one round, and the refresh that officers can start by hand. (F-D8)"""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang import clock
from yangguang.actions.admissions import waiting_list_actions
from yangguang.queries.admissions.waiting_list import count_waiting_list
from yangguang.queries.seasons.policy_rules import format_rule
from yangguang.queries.seasons.seasons import find_round
from yangguang.rules.accounts.rights import Right
from yangguang.rules.seasons import policy_keys
from yangguang.web.authority.base.layout import confirmation, page
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Effects, confirm_or_refuse


def _list_effects() -> Effects:
    hours = format_rule(policy_keys.WAITING_HOURS, clock.now())
    return [
        ("逾期没有应答的递补作废，名额让给下一名。", True),
        (f"空出的名额按公布的录取排名递补，学生收到短信，{hours}内应答。", False),
        ("与每小时自动进行的递补完全相同，提前进行不改变任何人的次序。", False),
    ]


@require_safe
def waiting_list(request: Request, round: UUID) -> HttpResponse:
    """The round's list in numbers, and the button that refreshes it now."""
    row = find_round(round)
    values = {
        "round": row,
        "counts": count_waiting_list(row),
        "may_offer": request.actor.may(Right.WAITING_OFFER) is not None,
    }
    return page(request, "admissions/waiting_list", values)


@require_http_methods(["GET", "HEAD", "POST"])
def offer_due(request: Request, round: UUID) -> HttpResponse:
    """Refresh the list and offer free seats now, as the hourly job does."""
    row = find_round(round)
    back = reverse("authority:waiting", args=[row.public_id])
    prepared = waiting_list_actions.offer_due.prepare(by=request.actor, round=row)
    question = f"现在递补“{row.name}”？"
    return confirm_or_refuse(
        request, prepared, lambda: confirmation(request, question, "现在递补", _list_effects(), back)
    )
