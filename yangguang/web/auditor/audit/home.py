"""The front page of auditor and operator: what needs a look, the log, its newest root, invariants. (F-I2)"""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.models import AuditEntry, AuditRoot
from yangguang.queries.audit.alerts import list_alerts
from yangguang.queries.audit.invariants.catalogue import INVARIANTS
from yangguang.queries.audit.log_view import count_log_entries
from yangguang.rules.accounts.rights import Right
from yangguang.rules.seasons.windows import SHANGHAI, start_of
from yangguang.web.auditor.base.layout import page
from yangguang.web.kit.actor import Request

MAX_COUNTED = 1000


@require_safe
def home(request: Request) -> HttpResponse:
    """Alerts and figures; the denied acts of today are counted up to `MAX_COUNTED`."""
    at = clock.now()
    today = at.astimezone(SHANGHAI).date()
    entries = AuditEntry.objects.for_actor(request.actor, Right.AUDIT_LOG_READ)
    denied = entries.filter(at__gte=start_of(today), outcome=AuditEntry.Outcome.DENIED).values_list("pk")
    roots = AuditRoot.objects.for_actor(request.actor, Right.AUDIT_ROOT_PUBLISH_VERIFY)
    values = {
        "alerts": list_alerts(at),
        "length": count_log_entries(),
        "denied": len(denied[:MAX_COUNTED]),
        "today": today,
        "root": roots.order_by("-day").first(),
        "invariants": len(INVARIANTS),
        "may_read": request.actor.may(Right.AUDIT_LOG_READ) is not None,
    }
    return page(request, "audit/home", values)
