"""The school's front page: what waits with its deadline, and today's numbers, each leading to its list. (X2.01)"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.models import Plan, Sanction, Season, Unit
from yangguang.postgres.sql import Row
from yangguang.queries.admissions.check_ins import count_check_ins
from yangguang.queries.admissions.school_overview import count_school
from yangguang.queries.plans.plan_changes import find_last_answer
from yangguang.queries.publicity.public_home import SeasonWindow, list_season_windows
from yangguang.rules.accounts.rights import Right
from yangguang.rules.plans import plan_states
from yangguang.rules.seasons.windows import WindowKind, WindowStatus, window_status
from yangguang.web.kit.actor import Request
from yangguang.web.kit.chart_files import send_chart, tabulate_windows
from yangguang.web.kit.layout import Values
from yangguang.web.kit.season_chart import draw_windows
from yangguang.web.school.base.layout import own_school, page, season_of
from yangguang.web.school.base.numbers import build_target, list_numbers

SCHOOL_WINDOWS = frozenset(
    {WindowKind.PLAN_ENTRY, WindowKind.BROCHURE_REVIEW, WindowKind.CHECK_IN, WindowKind.RECORD_CHECK}
)


class Task(NamedTuple):
    """One row of `components/inbox.html`; `until` None when no window ends it."""

    what: str
    number: int | None
    until: datetime | None
    url: str
    act: str
    note: str = ""


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
        "tasks": list_tasks(season, plans.first(), numbers, check_ins, windows),
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


def list_tasks(
    season: Season, plan: Plan | None, numbers: Row, check_ins: list[Row], windows: Iterable[SeasonWindow]
) -> list[Task]:
    """What waits for this school now, the nearest deadline first.

    Args:
        check_ins: rounds whose students can be checked in now.
    """
    # The first window of a kind counts when several are open.
    open_until: dict[WindowKind, datetime] = {}
    for window in windows:
        if window.status is WindowStatus.OPEN and window.closes_at:
            open_until.setdefault(window.kind, window.closes_at)
    of, tasks = f"?season={season.public_id}", []
    if WindowKind.PLAN_ENTRY in open_until and (plan is None or plan.state == plan_states.DRAFTED):
        what = "招生计划被退回，请修改后重新上报" if plan and plan.remark else "招生计划还没有上报"
        tasks.append(Task(what, None, open_until[WindowKind.PLAN_ENTRY], reverse("school:plan") + of, "去编报"))
    if check_ins:
        until, number = min(row.closes_at for row in check_ins if row.closes_at), sum(row.expected for row in check_ins)
        tasks.append(Task("录取的学生等待办理报到", number, until, reverse("school:check_in") + of, "办理报到"))
    checked_by, records = open_until.get(WindowKind.RECORD_CHECK), reverse("school:records") + of
    if numbers.to_complete:
        tasks.append(Task("学籍等待补充班级", numbers.to_complete, checked_by, f"{records}&state=CREATED", "分班"))
    if numbers.disputed:
        what = "学生报告学籍有误，请核对后重新提交"
        tasks.append(Task(what, numbers.disputed, checked_by, f"{records}&state=DISPUTED", "去核对"))
    return sorted(tasks, key=lambda task: task.until.timestamp() if task.until else float("inf"))


def _list_measures(request: Request, school: Unit, at: datetime) -> QuerySet[Sanction]:
    """The measures decided against the school that have not ended."""
    rows: QuerySet[Sanction] = Sanction.objects.for_actor(request.actor, Right.SANCTION_READ_PUBLIC_MARK)
    rows = rows.filter(unit=school, decided_at__isnull=False).exclude(ends_at__lte=at)
    return rows.select_related("violation")
