"""志愿异议 for the auditor: every restored version rests on a dispute of the family and on two officers. (F-N2)"""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang.queries.choices.choice_history import list_disputes
from yangguang.web.auditor.base.layout import page
from yangguang.web.kit.actor import Request
from yangguang.web.kit.paging import page_of


@require_safe
def disputes(request: Request) -> HttpResponse:
    """Every dispute, the newest first."""
    waiting = request.GET.get("state") == "open"
    rows = list_disputes(request.actor, waiting=waiting)
    tabs = [("已办结", "?", not waiting, None), ("待办理", "?state=open", waiting, None)]
    values = {"tabs": tabs, "list": page_of(request, rows, ("-recorded_at", "public_id"))}
    return page(request, "choices/disputes", values)
