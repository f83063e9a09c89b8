"""The persons behind a number of the progress page, with masked names; only those the actor may read.
(X2.03, F-G6; GB/T 35273)
"""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang.queries.reporting.counts import Population
from yangguang.queries.reporting.progress_persons import list_members, statuses_of
from yangguang.rules.accounts.rights import Right
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.reporting.steps import Step
from yangguang.web.authority.base.layout import page, season_of, unit_of
from yangguang.web.kit.actor import Request
from yangguang.web.kit.paging import page_of


@require_safe
def people(request: Request) -> HttpResponse:
    """One page of the list."""
    unit, season = unit_of(request, Right.APPLICATION_READ), season_of(request)
    steps, sectors, types = dict(Step.choices()), dict(Sector.choices()), dict(ProgrammeType.choices())
    step = Step(_known(request, "stage", steps) or Step.REGISTERED)
    at_school = request.GET.get("by") == "school"
    of = Population(season, unit, at_school=at_school)
    if at_school:
        of = of.of(sector=_known(request, "sector", sectors), programme_type=_known(request, "programme_type", types))
    persons = page_of(request, list_members(request.actor, of, step), ("number",))
    groups = (sectors.get(of.sector), types.get(of.programme_type))
    values = {
        "unit": unit,
        "season": season,
        "step": " · ".join([step.label, *filter(None, groups)]),
        "at_school": at_school,
        "list": persons,
        "rows": statuses_of(persons.rows),
    }
    return page(request, "reporting/progress_persons", values)


def _known(request: Request, name: str, values: dict[str, str]) -> str:
    """A value of the address, "" unless it is one of these."""
    text = request.GET.get(name, "")
    return text if text in values else ""
