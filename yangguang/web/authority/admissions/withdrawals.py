"""Withdrawals by school and reason, for supervision. (F-N5)"""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang.queries.admissions.withdrawals import count_by_school
from yangguang.rules.admissions.withdrawals import WithdrawalReason
from yangguang.web.authority.base.layout import page, season_of
from yangguang.web.kit.actor import Request


@require_safe
def withdrawal_counts(request: Request) -> HttpResponse:
    """How many students withdrew from each school, and why."""
    season = season_of(request)
    schools = [
        (row, [(WithdrawalReason(reason).label, count) for reason, count in by_reason.items()])
        for row, by_reason in count_by_school(request.actor, season)
    ]
    values = {"season": season, "schools": schools}
    return page(request, "admissions/withdrawal_counts", values)
