"""The waiting lists of the school's programmes, in numbers. (F-D8)"""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang.queries.admissions.waiting_list import count_waiting_by_programme
from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.actor import Request
from yangguang.web.school.base.layout import own_school, page, season_of


@require_safe
def waiting_lists(request: Request) -> HttpResponse:
    """Numbers only: the school sees a name once the student is admitted."""
    school, season = own_school(request, Right.ADMISSION_PROPOSE), season_of(request)
    lists = count_waiting_by_programme(school, season)
    return page(request, "admissions/waiting_list", {"season": season, "lists": lists})
