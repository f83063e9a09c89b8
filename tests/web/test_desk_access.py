"""Each desk is closed to the others, and what lies outside an actor's scope is not displayed."""

import pytest
from django.test import Client

from tests.support.builders.bureau_lists import submit_plan
from tests.support.builders.officers import at_desk, family_at, page_of
from tests.support.builders.public_season import PublicSeason
from tests.support.builders.web_season import Desk, text
from tests.support.personas import officer, unit
from tests.web.test_query_counts import SCHOOL_PAGES
from yangguang.models import (
    AuditEntry,
)
from yangguang.rules.accounts.roles import Role

OTHER_PHONE = "15400000002"
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("url", ["/desk/", "/desk/plans/", "/desk/rounds/", "/desk/windows/", "/desk/cases/"])
def test_a_school_and_a_family_are_denied_and_the_try_is_kept(public_season: PublicSeason, url: str) -> None:
    assert at_desk(public_season.personas.teacher).get(url).status_code == 403
    assert AuditEntry.objects.filter(action="route.denied", outcome="DENIED", role="V").count() == 1
    assert family_at(public_season.personas.family().account or 0).get(url).status_code == 403
    assert Client().get(url).status_code == 302


def test_a_county_has_no_rounds_and_no_windows_and_is_not_offered_them(public_season: PublicSeason) -> None:
    county = at_desk(public_season.personas.ce)
    page = page_of(county, "/desk/")

    assert "计划审核" in page
    assert "开放时间" not in page
    assert "批次" not in page
    assert county.get("/desk/rounds/").status_code == county.get("/desk/windows/").status_code == 403


def test_what_lies_outside_the_area_is_not_there(public_season: PublicSeason) -> None:
    plan = submit_plan(public_season, "县属学校")
    elsewhere = at_desk(officer("me2", Role.CITY_EDUCATION, public_season.personas.other_city))

    assert elsewhere.get(f"/desk/plans/{plan.public_id}/").status_code == 404
    labour = at_desk(officer("ch", Role.COUNTY_LABOUR, public_season.personas.county, "labour"))

    assert labour.get(f"/desk/plans/{plan.public_id}/").status_code == 404
    for page in ("progress", "targets", "reports"):
        answer = at_desk(public_season.personas.ce).get(
            f"/desk/{page}/?unit={public_season.personas.other_city.public_id}"
        )
        assert answer.status_code == 404, page

    assert elsewhere.post(f"/desk/plans/{plan.public_id}/pass/", {"seen": 1}).status_code == 404


def test_no_public_page_takes_a_post_but_the_look_up(public_season: PublicSeason) -> None:
    for url in ("/", "/schools/", "/plans/", "/notices/", "/rules/", "/disclosure/", "/audit/roots/", "/open-data/"):
        assert public_season.client.post(url).status_code == 405, url


@pytest.mark.parametrize("url", SCHOOL_PAGES)
def test_a_bureau_and_a_family_do_not_reach_the_schools_desk(public_season: PublicSeason, url: str) -> None:
    bureau = at_desk(public_season.personas.ce).get(url).status_code

    assert bureau in (403, 404)
    if bureau == 403:
        assert AuditEntry.objects.filter(action="route.denied", role="CE").count() == 1

    assert family_at(public_season.personas.family().account or 0).get(url).status_code in (403, 404)
    assert Client().get(url).headers["Location"].startswith("/login/?next=")


def test_another_schools_students_are_not_there(public_season: PublicSeason) -> None:
    number = public_season.admitted("某甲").application.number
    other = unit(
        "乙市第二职业学校", "SCHOOL", public_season.personas.other_city, sector="education", governed_by="CITY"
    )
    stranger = at_desk(officer("other", Role.VOCATIONAL_SCHOOL, other))
    for url in ("/school/applicants/", "/school/admissions/people/", "/school/check-in/"):
        assert number not in page_of(stranger, url)


@pytest.mark.parametrize("tail", ["", "results/", "choices/2/", "choices/2/submit/"])
def test_another_familys_application_is_not_there(desk: Desk, tail: str) -> None:
    session = desk.client.session
    session["account"] = desk.personas.family("15400000002").account
    session.save()
    answer = desk.client.get(desk.url(tail))

    assert answer.status_code == 404
    assert "没有找到这条信息" in text(answer)


@pytest.mark.parametrize("path", ["/me/", "/me/register/", "/me/seen/", "/me/messages/"])
def test_a_guest_is_led_to_the_log_in_and_back(desk: Desk, path: str) -> None:
    desk.client.logout()
    answer = desk.client.get(path)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/login/?next=" + path.replace("/", "%2F"))


def test_an_officer_is_refused_and_the_try_is_kept(desk: Desk) -> None:
    session = desk.client.session
    session["account"] = desk.personas.ce.actor.account
    session.save()
    answer = desk.client.get(desk.choices_url)

    assert answer.status_code == 403
    assert "不能填报志愿" in text(answer)
    entry = AuditEntry.objects.filter(action="route.denied").get()

    assert (entry.outcome, entry.account) == ("DENIED", desk.personas.ce.actor.account)
