"""The school's front page: what waits with its deadline, and today's numbers, each leading to its list. (X2.01)"""

from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.models import Plan, Sanction, Season, Unit
from yangguang.postgres.sql import Row
from yangguang.queries.admissions.check_ins import count_check_ins
from yangguang.queries.admissions.school_overview import count_school
from yangguang.queries.plans.plan_changes import find_last_answer
from yangguang.queries.publicity.public_home import list_season_windows
from yangguang.rules.accounts.rights import Right
from yangguang.rules.seasons.windows import WindowKind, WindowStatus, window_status
from yangguang.web.kit.actor import Request
from yangguang.web.kit.chart_files import send_chart, tabulate_windows
from yangguang.web.kit.layout import Values
from yangguang.web.kit.season_chart import draw_windows
from yangguang.web.school.base.layout import own_school, page, season_of
from yangguang.web.school.base.numbers import build_target, list_numbers
from yangguang.web.school.base.tasks import list_tasks

SCHOOL_WINDOWS = frozenset(
    {WindowKind.PLAN_ENTRY, WindowKind.BROCHURE_REVIEW, WindowKind.CHECK_IN, WindowKind.RECORD_CHECK}
)


@require_safe
def home(request: Request) -> HttpResponse:
    """Tasks, numbers, open windows."""
    school, season, at = own_school(request, Right.PLAN_DRAFT), season_of(request), clock.now()
    windows, numbers = list_season_windows(season, at), count_school(school, season)
    plans = Plan.objects.for_actor(request.actor, Right.PLAN_DRAFT).filter(season=season, school=school)
    check_ins = _list_open_check_ins(school, season, at)
    values: Values = {
        "sanctions": _list_measures(request, school, at),
        "school": school,
        "change": find_last_answer(request.actor, season),
        "season": season,
        "tasks": list_tasks(request.actor, season, plans.first(), numbers, check_ins, windows),
        "numbers": list_numbers(school, season, numbers),
        "now": at,
        **draw_windows([one for one in windows if one.kind in SCHOOL_WINDOWS]),
    }
    if request.actor.may(Right.TASK_NUMBER_READ):
        values |= build_target(school, season.year)
    return send_chart(request, {"windows": tabulate_windows(values["rows"])}) or page(request, "base/home", values)


def _list_open_check_ins(school: Unit, season: Season, at: datetime) -> list[Row]:
    """The rounds whose students can be checked in at `at`."""
    rows = count_check_ins(school, season)
    return [row for row in rows if row.expected and window_status(row.opens_at, row.closes_at, at) is WindowStatus.OPEN]


def _list_measures(request: Request, school: Unit, at: datetime) -> QuerySet[Sanction]:
    """The measures decided against the school that have not ended."""
    rows: QuerySet[Sanction] = Sanction.objects.for_actor(request.actor, Right.SANCTION_READ_PUBLIC_MARK)
    rows = rows.filter(unit=school, decided_at__isnull=False).exclude(ends_at__lte=at)
    return rows.select_related("violation")
