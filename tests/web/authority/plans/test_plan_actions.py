"""The review of a plan on the page of the bureau."""

import pytest

from tests.support.builders.officers import at_desk, page_of, seen, signed
from tests.support.builders.public_season import PublicSeason
from tests.support.builders.web_season import displayed_on
from tests.support.personas import unit
from yangguang.models import Plan

pytestmark = pytest.mark.django_db


def submitted(public_season: PublicSeason, name: str) -> Plan:
    """A plan that lies on the county's desk."""
    school = unit(name, "SCHOOL", public_season.personas.county, sector="education", governed_by="COUNTY")
    plan: Plan = Plan.objects.create(
        school=school, season=public_season.personas.season, capacity=100, state="SUBMITTED"
    )
    return plan


def test_a_plan_is_passed_by_its_desk_with_the_remark_and_the_signature(public_season: PublicSeason) -> None:
    plan, county = submitted(public_season, "县属学校"), at_desk(public_season.personas.ce)

    assert "县属学校" in page_of(county, "/desk/plans/")
    assert "县属学校" not in page_of(at_desk(public_season.personas.me), "/desk/plans/")
    url = f"/desk/plans/{plan.public_id}/pass/"

    assert "计划进入下一级审核" in seen(county.post(url, {"remark": "同意"}))
    assert Plan.objects.get(pk=plan.pk).state == "SUBMITTED"
    assert signed(county, url, {"remark": "同意"}).status_code == 302
    plan.refresh_from_db()

    assert (plan.state, plan.remark) == ("COUNTY_PASSED", "同意")
    assert "县属学校" in page_of(at_desk(public_season.personas.me), "/desk/plans/")
    page = page_of(county, f"/desk/plans/{plan.public_id}/")

    assert "现在不在本单位审核" in page
    assert "甲市一县" in page


def test_a_plan_that_changed_since_it_was_read_is_not_passed(public_season: PublicSeason) -> None:
    plan, county = submitted(public_season, "县属学校"), at_desk(public_season.personas.ce)
    displayed = displayed_on(county, f"/desk/plans/{plan.public_id}/")
    Plan.objects.filter(pk=plan.pk).update(version=7)
    answer = county.post(f"/desk/plans/{plan.public_id}/pass/", {"_displayed": displayed, "remark": "看过了"})

    assert answer.status_code == 409
    assert "现在是第7版" in seen(answer)
    assert "看过了" in seen(answer)
    assert Plan.objects.get(pk=plan.pk).state == "SUBMITTED"


def test_a_plan_goes_back_only_with_a_reason(public_season: PublicSeason) -> None:
    plan, county = submitted(public_season, "县属学校"), at_desk(public_season.personas.ce)
    url = f"/desk/plans/{plan.public_id}/return/"
    answer = signed(county, url, {})

    assert answer.status_code == 422
    assert "没有写明原因" in seen(answer)
    assert signed(county, url, {"remark": "学费有误"}).status_code == 302
    assert Plan.objects.values_list("state", "remark").get(pk=plan.pk) == ("DRAFTED", "学费有误")
