"""The auditor's front page: how long the log is, when its last root was published, and where to look. (F-I2)"""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.models import AuditEntry, AuditRoot
from yangguang.queries.audit.invariants.catalogue import INVARIANTS
from yangguang.queries.audit.log_view import log_length
from yangguang.rules.accounts.rights import Right
from yangguang.rules.seasons.windows import SHANGHAI, start_of
from yangguang.web.auditor.base.layout import page
from yangguang.web.kit.actor import Request

MOST = 1000


@require_safe
def home(request: Request) -> HttpResponse:
    """Numbers; how many tries were denied today is counted up to a thousand."""
    today = clock.now().astimezone(SHANGHAI).date()
    entries = AuditEntry.objects.for_actor(request.actor, Right.AUDIT_LOG_READ).filter(
        at__gte=start_of(today)
    )
    denied = entries.filter(outcome=AuditEntry.Outcome.DENIED).values_list("pk", flat=True)[:MOST]
    roots = AuditRoot.objects.for_actor(request.actor, Right.AUDIT_ROOT_PUBLISH_VERIFY)
    values = {
        "length": log_length(),
        "denied": len(denied),
        "today": today,
        "root": roots.order_by("-day").first(),
        "promises": len(INVARIANTS),
        "may_read": request.actor.may(Right.AUDIT_LOG_READ) is not None,
    }
    return page(request, "audit/home", values)
