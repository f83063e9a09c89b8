"""Withdrawals by school and reason, for supervision. (F-N5)"""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang.queries.admissions.withdrawals import count_by_school
from yangguang.web.authority.base.layout import page, season_of
from yangguang.web.kit.actor import Request


@require_safe
def withdrawal_counts(request: Request) -> HttpResponse:
    """How many students withdrew from each school, and why."""
    season = season_of(request)
    values = {"season": season, "schools": count_by_school(request.actor, season)}
    return page(request, "admissions/withdrawal_counts", values)
