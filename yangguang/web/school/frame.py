"""What every page of a school's desk has around it: its navigation, its school, the season it looks at."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yangguang.models import Season, Unit
from yangguang.queries.desk_seasons import season_named
from yangguang.rules.rights import Right
from yangguang.web.kit.actor import Request

NAV = (
    ("工作台", "school:home", Right.PLAN_DRAFT),
    ("招生计划", "school:plan", Right.PLAN_DRAFT),
    ("报名名单", "school:applicants", Right.APPLICATION_READ),
    ("录取", "school:admissions", Right.ADMISSION_PROPOSE),
    ("报到", "school:check_in", Right.CHECK_IN_TAKE),
    ("学籍", "school:records", Right.RECORD_READ),
)


def page(request: Request, template: str, values: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of this desk."""
    return render(request, f"school/{template}.html", framed(request) | values, status=status)


def framed(request: Request) -> dict[str, Any]:
    """Navigation with the entry the address lies under marked."""
    nav = []
    for label, name, right in NAV:
        url = reverse(name)
        here = request.path == url if name == "school:home" else request.path.startswith(url)
        if request.actor.may(right):
            nav.append((label, url, here))
    return {"nav": nav}


def own_school(request: Request, right: Right) -> Unit:
    """The school of the seat.

    Raises:
        NotHere: the seat is at no school.
    """
    schools = Unit.objects.visible_to(request.actor, right).filter(level=Unit.Level.SCHOOL)
    found: Unit = schools.found_by(request.actor, right, pk=request.actor.unit)
    return found


def season_of(request: Request) -> Season:
    """The season in the address, else the current one."""
    return season_named(request.GET.get("season", ""))
