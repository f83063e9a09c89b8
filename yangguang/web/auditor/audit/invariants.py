"""The invariants, checked on request, all or one. (docs/spec/security.md)"""

from django.db import transaction
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang.postgres.limits import allow_long_statements
from yangguang.queries.audit.invariants.catalogue import INVARIANTS, InvariantReport, check_invariants
from yangguang.web.auditor.base.layout import page
from yangguang.web.kit.actor import Request

LABELS = {"holding": "成立", "broken": "不成立", "pending": "待建"}


@require_safe
def invariants(request: Request) -> HttpResponse:
    """The list; `?check=all` or `?check=<number>` checks now."""
    checked = request.GET.get("check", "")
    numbers = [one.number for one in INVARIANTS if checked in ("all", str(one.number))]
    with transaction.atomic():
        allow_long_statements()
        report = check_invariants(numbers) if numbers else InvariantReport()
    broken = {one.number: one for one in report.broken}
    states = dict.fromkeys(report.holding, "holding") | dict.fromkeys(report.pending, "pending")
    states |= dict.fromkeys(broken, "broken")
    values = {
        "rows": [(one, states.get(one.number), broken.get(one.number)) for one in INVARIANTS],
        "counts": {label: len(getattr(report, state)) for state, label in LABELS.items()},
        "labels": LABELS,
        "is_checked": bool(numbers),
    }
    return page(request, "audit/invariants", values)
