"""The plan as the school types and submits it."""

from typing import Any

import pytest
from django.test import Client

from tests.support.builders.officers import at_desk, page_of, seen, sends
from tests.support.builders.plans import qualify
from tests.support.builders.web_season import sealed_in
from tests.support.personas import SHELL
from tests.support.personas import Personas as Personas
from yangguang.actions.organisation import directory
from yangguang.models import Plan
from yangguang.reference import rows
from yangguang.rules.seasons.windows import WindowKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(personas: Personas) -> Client:
    """The browser of a school while plans may be entered; the school is not in the published list yet."""
    directory.load(by=SHELL, rules=rows("policy_rules"))
    personas.open(WindowKind.PLAN_ENTRY)
    return at_desk(personas.teacher)


def typed(*programmes: dict[str, Any], capacity: int = 200) -> dict[str, Any]:
    """The plan as the edit page sends it."""
    data: dict[str, Any] = {
        "capacity": capacity,
        "programme-TOTAL_FORMS": len(programmes),
        "programme-INITIAL_FORMS": 0,
        "save": 1,
    }
    plain = {
        "programme_type": "three_year",
        "study_form": "full_time",
        "years": 3,
        "fee": "",
        "partner": "",
        "dedicated": "",
    }
    for n, programme in enumerate(programmes):
        data |= {f"programme-{n}-{key}": value for key, value in (plain | programme).items()}
    return data


def test_a_typed_plan_is_saved_and_a_refused_one_loses_nothing(personas: Personas, school: Client) -> None:
    answer = sends(school, "/school/plan/edit/", typed({"major": "护理", "seats": 40}))

    assert answer.status_code == 422
    assert "招生学校名录" in seen(answer)
    assert 'value="护理"' in answer.content.decode()
    qualify(personas.school, personas.season.year)
    more = sends(school, "/school/plan/edit/", typed({"major": "护理", "seats": 40}) | {"more": 1})

    assert more.status_code == 200
    assert 'name="programme-3-major"' in more.content.decode()
    assert not Plan.objects.exists()
    programmes = ({"major": "护理", "seats": 40, "dedicated": 5}, {"major": "会计", "seats": 30})

    assert sends(school, "/school/plan/edit/", typed(*programmes)).status_code == 302
    plan = Plan.objects.get()
    seats = [
        [(b.code, b.seats, b.mode) for b in programme.quotas.all()] for programme in plan.programmes.order_by("code")
    ]

    assert seats == [[("dedicated", 5, "exactly"), ("general", 35, "at_least")], [("general", 30, "at_least")]]
    over = sends(school, "/school/plan/edit/", typed(*programmes, capacity=60))

    assert over.status_code == 422
    assert "超过办学容量60人" in seen(over)
    assert Plan.objects.get().capacity == 200


def test_sending_up_is_read_first_and_then_nothing_can_be_changed(personas: Personas, school: Client) -> None:
    qualify(personas.school, personas.season.year)
    sends(school, "/school/plan/edit/", typed({"major": "护理", "seats": 40}))
    one, other = (school.post("/school/plan/submit/") for _ in range(2))

    assert "上报后不能再修改" in seen(one)
    assert Plan.objects.get().state == "DRAFTED"
    assert school.post("/school/plan/submit/", sealed_in(one) | {"_step": "act"}).status_code == 302
    assert Plan.objects.get().state == "SUBMITTED"
    page = page_of(school, "/school/plan/")

    assert "上报招生计划" in page
    assert "甲市第一职业学校" in page
    assert "修改计划" not in page
    again = school.post("/school/plan/submit/", sealed_in(other) | {"_step": "act"})

    assert again.status_code == 409
    assert "这件事已经办成" in seen(again)


def test_a_row_with_seats_and_no_major_is_named_and_not_passed_over(personas: Personas, school: Client) -> None:
    answer = sends(school, "/school/plan/edit/", typed({"major": "护理", "seats": 40}, {"major": "", "seats": 30}))

    assert answer.status_code == 422
    assert "写了计划数，没有写专业" in seen(answer)
    assert not Plan.objects.exists()
