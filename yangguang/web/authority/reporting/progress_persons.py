"""The persons behind a number of the progress page, masked; never more than the seat may read.
(X2.03, F-G6; GB/T 35273)
"""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang.queries.reporting.progress_persons import STAGES, persons, stages_of
from yangguang.rules.accounts.rights import Right
from yangguang.web.authority.base.layout import page, season_of, unit_of
from yangguang.web.kit.actor import Request
from yangguang.web.kit.paging import page_of


@require_safe
def people(request: Request) -> HttpResponse:
    """One page of the list."""
    unit, season = unit_of(request, Right.APPLICATION_READ), season_of(request)
    stage = request.GET.get("stage", "") if request.GET.get("stage") in STAGES else "registered"
    at_school = request.GET.get("by") == "school"
    rows = persons(request.actor, season, unit, stage, at_school=at_school)
    found = page_of(request, rows, ("number",))
    values = {
        "unit": unit,
        "season": season,
        "stage": STAGES[stage],
        "at_school": at_school,
        "list": found,
        "rows": stages_of(request.actor, found.rows),
    }
    return page(request, "reporting/progress_persons", values)
