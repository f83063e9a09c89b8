"""Pages of every desk cost the same number of statements for one row and for three."""

from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client

from tests.support.builders.bureau_lists import add_to_lists
from tests.support.builders.log_changes import create_root
from tests.support.builders.officers import at_desk, cost
from tests.support.builders.public_season import PublicSeason
from yangguang import clock
from yangguang.models import (
    Admission,
    StudentRecord,
)
from yangguang.rules.seasons.windows import WindowKind

pytestmark = pytest.mark.django_db
COUNTY_PAGES = (
    "/desk/",
    "/desk/plans/?tab=all",
    "/desk/progress/",
    "/desk/progress/?by=school",
    "/desk/cases/",
    "/desk/progress/people/",
    "/desk/reports/",
    "/desk/targets/",
    "/desk/proposals/",
    "/desk/disputes/",
    "/desk/releases/",
)
PROVINCE_PAGES = (
    *COUNTY_PAGES,
    "/desk/rounds/",
    "/desk/windows/",
    "/desk/progress/?by=programme_type",
    "/desk/schools/",
    "/desk/scores/",
    "/desk/outside/",
    "/desk/imports/",
    "/desk/calendar/",
)
SCHOOL_PAGES = (
    "/school/",
    "/school/plan/",
    "/school/proposals/",
    "/school/own-tests/",
    "/school/applicants/",
    "/school/admissions/",
    "/school/admissions/people/",
    "/school/check-in/",
    "/school/check-in/?tab=came",
    "/school/records/",
)


@pytest.mark.parametrize("who", ["ce", "pe1"])
def test_each_page_costs_as_much_for_three_rows_as_for_one(public_season: PublicSeason, who: str) -> None:
    browser = at_desk(getattr(public_season.personas, who))
    pages = COUNTY_PAGES if who == "ce" else PROVINCE_PAGES
    add_to_lists(public_season, 1)
    first = {url: cost(browser, url) for url in pages}
    add_to_lists(public_season, 2)
    add_to_lists(public_season, 3)

    assert {url: cost(browser, url) for url in pages} == first


@pytest.mark.parametrize(
    "url",
    [
        "/",
        "/schools/",
        "/plans/",
        "/notices/",
        "/disclosure/",
        "/calendar/",
        "/rules/",
        "/open-data/schools.json",
        "/open-data/plans.csv",
        "/audit/roots/",
        "{round}",
        "{school}",
        "/open-data/results-2.json",
    ],
)
def test_a_page_costs_the_same_queries_for_one_and_three_rows(public_season: PublicSeason, url: str) -> None:
    asked = url.format(
        round=f"/disclosure/{public_season.enrolled.round.public_id}/",
        school=f"/schools/{public_season.personas.school.public_id}/",
    )
    public_season.notice("一"), create_root(date(2024, 8, 1)), public_season.warns(public_season.personas.school, "一")
    public_season.get(asked)
    cache.clear()
    one = cost(public_season.client, asked)
    for n, name in enumerate("二三"):
        public_season.warns(public_season.school(f"乙市{name}校"), name)
        public_season.notice(name), create_root(date(2024, 8, n + 2)), public_season.personas.open(list(WindowKind)[n])
        public_season.enrolled.programme(("five_year", "one_year")[n])
    cache.clear()

    assert (cost(public_season.client, asked), one > 0) == (one, True)


@pytest.mark.parametrize("url", SCHOOL_PAGES)
def test_each_page_costs_as_much_for_three_students_as_for_one(
    public_season: PublicSeason, school: Client, url: str
) -> None:
    def came(name: str) -> None:
        admission = public_season.admitted(name)
        Admission.objects.filter(pk=admission.pk).update(state="CHECKED_IN", checked_in_at=clock.now())
        StudentRecord.objects.create(
            person=admission.person,
            admission=admission,
            school=public_season.personas.school,
            number=f"2024X{admission.pk:05d}",
            major="护理",
            programme_type="three_year",
            entered_on="2024-09-01",
        )
        public_season.admitted(name + "二")

    came("某甲")
    first = cost(school, url)
    came("某乙")
    came("某丙")

    assert cost(school, url) == first
