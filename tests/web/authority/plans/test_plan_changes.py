"""A school asks on its desk for a change of a published plan, and the bureaus see, approve or refuse it."""

import re

import pytest

from tests.support.builders.officers import at_desk, cost, page_of, seen, signed
from tests.support.builders.plans import programme, published, ready
from tests.support.personas import Personas, officer
from yangguang.models import Plan, PlanChange, Quota
from yangguang.rules.accounts.roles import Role

pytestmark = pytest.mark.django_db
LIST = "/desk/plans/changes/"


@pytest.fixture
def plan(personas: Personas) -> Plan:
    return published(ready(personas), programme("护理"), programme("会计事务", 30), programme("幼儿保育", 30))


def ask(personas: Personas, plan: Plan, major: str = "护理", seats: int = 60) -> PlanChange:
    """What a school does: from its plan page to the signature."""
    school, row = at_desk(personas.teacher), plan.programmes.get(major=major)
    address = f"/school/plan/change/{row.public_id}/"

    assert address in school.get("/school/plan/").content.decode()
    answer = signed(school, address, {"general": str(seats), "reason": "企业订单增加，扩一个班"})
    assert answer.status_code == 302, seen(answer)
    change: PlanChange = PlanChange.objects.get(programme=row)
    return change


def test_the_school_asks_and_two_officers_of_the_city_carry_it_out(personas: Personas, plan: Plan) -> None:
    change = ask(personas, plan)
    school, first = at_desk(personas.teacher), at_desk(personas.me)
    second = at_desk(officer("me9", Role.CITY_EDUCATION, personas.city))
    detail = f"{LIST}{change.public_id}/"

    assert "待主管部门办理" in page_of(school, "/school/plan/")
    assert "计划调整申请：1 件 学校申请调整已公布的计划" in page_of(first, "/desk/")
    assert "企业订单增加，扩一个班" in page_of(first, detail)
    assert "普通名额由 50 调整为 60（已占 0）" in page_of(first, f"{detail}carry-out/")
    assert signed(first, f"{detail}carry-out/").status_code == 202
    assert Quota.objects.get(programme=change.programme).seats == 50
    assert LIST in second.get("/desk/proposals/").content.decode()
    assert signed(second, f"{detail}carry-out/").status_code == 302
    assert Quota.objects.get(programme=change.programme).seats == 60
    page = page_of(school, "/school/plan/")

    assert "已批准调整" in page
    assert "甲市" in page
    assert "计划调整申请：1 件" not in page_of(first, "/desk/")


def test_a_refusal_needs_words_and_the_school_reads_them(personas: Personas, plan: Plan) -> None:
    change, city = ask(personas, plan), at_desk(personas.me)
    address = f"{LIST}{change.public_id}/refuse/"

    assert "这一项必填" in seen(city.post(address, {"answer": ""}))
    assert signed(city, address, {"answer": "实训设备不足"}).status_code == 302

    page = page_of(at_desk(personas.teacher), "/school/plan/")

    assert "未批准" in page
    assert "实训设备不足" in page
    assert "“护理”未批准（甲市" in page_of(at_desk(personas.teacher), "/school/")
    assert "护理" in page_of(city, f"{LIST}?state=answered")


def test_the_county_reads_the_request_and_decides_nothing(personas: Personas, plan: Plan) -> None:
    change, county = ask(personas, plan), at_desk(personas.ce)
    detail = f"{LIST}{change.public_id}/"

    assert "本单位可以查看" in page_of(county, detail)
    assert "批准调整" not in re.sub("计划调整申请", "", page_of(county, detail).replace("两人批准", ""))
    assert county.get(f"{detail}carry-out/").status_code == 403
    assert county.get(f"{detail}refuse/").status_code == 403
    other = at_desk(officer("me2", Role.CITY_EDUCATION, personas.other_city))

    assert other.get(detail).status_code == 404


def test_a_request_below_the_taken_seats_keeps_what_was_typed(personas: Personas, plan: Plan) -> None:
    row, school = plan.programmes.get(major="护理"), at_desk(personas.teacher)
    Quota.objects.filter(programme=row).update(taken=20)
    answer = school.post(f"/school/plan/change/{row.public_id}/", {"general": "19", "reason": "减班"})

    assert answer.status_code == 422
    assert "已有20个名额被学生占用" in seen(answer)
    assert 'value="19"' in answer.content.decode()
    assert "减班" in seen(answer)


def test_the_lists_cost_the_same_for_three(personas: Personas, plan: Plan) -> None:
    ask(personas, plan)
    city, school = at_desk(personas.me), at_desk(personas.teacher)
    for_one = cost(city, LIST), cost(school, "/school/plan/")
    ask(personas, plan, "会计事务", 35)
    ask(personas, plan, "幼儿保育", 35)

    assert (cost(city, LIST), cost(school, "/school/plan/")) == for_one
