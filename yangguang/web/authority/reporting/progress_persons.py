"""The persons behind a number of the progress page, with masked names; only those the actor may read.
(X2.03, F-G6; GB/T 35273)
"""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang.queries.reporting.progress import STEPS
from yangguang.queries.reporting.progress_persons import persons_of, statuses_of
from yangguang.rules.accounts.rights import Right
from yangguang.web.authority.base.layout import page, season_of, unit_of
from yangguang.web.kit.actor import Request
from yangguang.web.kit.paging import page_of


@require_safe
def people(request: Request) -> HttpResponse:
    """One page of the list."""
    unit, season = unit_of(request, Right.APPLICATION_READ), season_of(request)
    step = request.GET.get("stage", "") if request.GET.get("stage") in STEPS else "registered"
    at_school = request.GET.get("by") == "school"
    persons = page_of(request, persons_of(request.actor, season, unit, step, at_school=at_school), ("number",))
    values = {
        "unit": unit,
        "season": season,
        "step": STEPS[step],
        "at_school": at_school,
        "list": persons,
        "rows": statuses_of(request.actor, persons.rows),
    }
    return page(request, "reporting/progress_persons", values)
