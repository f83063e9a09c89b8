"""The school's front page: what waits with its deadline, and today's numbers, each leading to its list. (X2.01)"""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.models import Plan, Season, Unit
from yangguang.postgres.sql import Row
from yangguang.queries.admissions.check_ins import count_check_ins
from yangguang.queries.admissions.school_overview import SchoolCounts, count_school
from yangguang.queries.publicity.public_home import SeasonWindow, list_season_windows
from yangguang.queries.seasons.seasons import seasons
from yangguang.rules.accounts.rights import Right
from yangguang.rules.plans import plan_states
from yangguang.rules.seasons.rounds import WindowKind
from yangguang.rules.seasons.windows import WindowStatus, window_status
from yangguang.web.kit.actor import Request
from yangguang.web.school.base.layout import own_school, page, season_of

OURS = frozenset({WindowKind.PLAN_ENTRY, WindowKind.BROCHURE_REVIEW, WindowKind.CHECK_IN, WindowKind.RECORD_CHECK})


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits for the school; `until` None when no window ends it."""

    what: str
    number: int | None
    until: datetime | None
    url: str
    act: str


@require_safe
def home(request: Request) -> HttpResponse:
    """What to do, the numbers, and the open windows."""
    school, season, at = own_school(request, Right.PLAN_DRAFT), season_of(request), clock.now()
    ticks, numbers = list_season_windows(season, at), count_school(school, season)
    plans = Plan.objects.for_actor(request.actor, Right.PLAN_DRAFT).filter(season=season, school=school)
    values = {
        "school": school,
        "season": season,
        "seasons": seasons(),
        "tasks": tasks(plans.first(), numbers, _list_open_check_ins(school, season, at), ticks),
        "numbers": numbers,
        "windows": [
            {"label": f"{tick.round} {tick.kind.label}".strip(), "opens": tick.opens_at, "closes": tick.closes_at}
            for tick in ticks
            if tick.kind in OURS and tick.status in (WindowStatus.OPEN, WindowStatus.BEFORE)
        ],
    }
    return page(request, "base/home", values)


def tasks(plan: Plan | None, numbers: SchoolCounts, expected: list[Row], ticks: tuple[SeasonWindow, ...]) -> list[Task]:
    """What waits for this school now, the nearest deadline first.

    Args:
        expected: rounds whose students can be checked in now.
    """
    open_until = {
        tick.kind: tick.closes_at for tick in reversed(ticks) if tick.status is WindowStatus.OPEN and tick.closes_at
    }
    found = []
    if WindowKind.PLAN_ENTRY in open_until and (plan is None or plan.state == plan_states.DRAFTED):
        what = "招生计划被退回，请修改后重新上报" if plan and plan.remark else "招生计划还没有上报"
        found.append(Task(what, None, open_until[WindowKind.PLAN_ENTRY], reverse("school:plan"), "去编报"))
    if expected:
        what, until = "录取的学生等待办理报到", min(one.closes_at for one in expected if one.closes_at)
        number = sum(one.expected for one in expected)
        found.append(Task(what, number, until, reverse("school:check_in"), "办理报到"))
    checked_by = open_until.get(WindowKind.RECORD_CHECK)
    for what, number, state, act in (
        ("学籍等待补充班级", numbers.to_complete, "MADE", "分班"),
        ("学生报告学籍有误，请核对后重新提交", numbers.disputed, "DISPUTED", "去核对"),
    ):
        if number:
            found.append(Task(what, number, checked_by, f"{reverse('school:records')}?state={state}", act))
    return sorted(found, key=lambda task: task.until.timestamp() if task.until else float("inf"))


def _list_open_check_ins(school: Unit, season: Season, at: datetime) -> list[Row]:
    return [
        one
        for one in count_check_ins(school, season)
        if one.expected and window_status(one.opens_at, one.closes_at, at) is WindowStatus.OPEN
    ]
