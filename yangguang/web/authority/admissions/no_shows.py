"""Students who have not checked in after the results, and the seats that releasing them would free. (R6.03)"""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.queries.admissions.check_ins import get_check_in_span
from yangguang.queries.admissions.no_shows import count_no_shows_by_quota, list_no_shows
from yangguang.queries.seasons.seasons import find_round
from yangguang.rules.accounts.rights import Right
from yangguang.rules.seasons.windows import WindowStatus, window_status
from yangguang.web.authority.base.layout import page
from yangguang.web.kit.actor import Request
from yangguang.web.kit.paging import page_of


@require_safe
def no_shows(request: Request, round: UUID) -> HttpResponse:
    """Students and seats that a release would affect; this page changes nothing."""
    row = find_round(round)
    opens, closes = get_check_in_span(row)
    values = {
        "round": row,
        "closes": closes,
        "is_over": window_status(opens, closes, clock.now()) is WindowStatus.AFTER,
        "quotas": count_no_shows_by_quota(request.actor, row),
        "list": page_of(request, list_no_shows(request.actor, row), ("application__number",)),
        "may_release": request.actor.may(Right.CHECK_IN_RELEASE_ABSENT) is not None,
    }
    return page(request, "admissions/no_shows", values)
