"""志愿异议 for the auditor: every restored version with its dispute and the two officers. (F-N2)"""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang.queries.choices.choice_history import disputes as list_disputes
from yangguang.rules.choices import dispute_states
from yangguang.web.auditor.base.layout import page
from yangguang.web.kit.actor import Request
from yangguang.web.kit.paging import page_of


@require_safe
def disputes(request: Request) -> HttpResponse:
    """Every dispute, the newest first."""
    done = request.GET.get("state") != "open"
    rows = list_disputes(request.actor)
    rows = (
        rows.exclude(state__in=dispute_states.WAITING)
        if done
        else rows.filter(state__in=dispute_states.WAITING)
    )
    tabs = [("已办结", "?", done, None), ("待办理", "?state=open", not done, None)]
    return page(
        request,
        "choices/disputes",
        {"tabs": tabs, "list": page_of(request, rows, ("-recorded_at", "public_id"))},
    )
