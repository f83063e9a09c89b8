"""The brochure fields of a programme: all that read them follow the one declaration. (docs/add-a-feature.md)"""

from decimal import Decimal
from typing import Any

import pytest

from tests.support.builders.plans import published, ready
from tests.support.builders.ranked_round import Ranked
from tests.support.personas import Personas as Personas
from yangguang import clock
from yangguang.actions.plans.programmes import read_drafts
from yangguang.models import Plan, PlanVersion, Programme, RoundProgramme
from yangguang.queries.choices.programme_options import OptionFilter, find_options
from yangguang.queries.plans import plans
from yangguang.rules.applicants.origins import Origin, StudyForm
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.plans.programmes import PROGRAMME_FIELDS, ProgrammeDraft
from yangguang.sheets.open_data import PLANS

pytestmark = pytest.mark.django_db
TYPED = {
    "major": "护理",
    "programme_type": ProgrammeType.THREE_YEAR,
    "study_form": StudyForm.FULL_TIME,
    "years": Decimal("3.5"),
    "seats": 40,
    "fee": 2400,
    "origins": (Origin.JUNIOR_THIS_YEAR,),
    "partner": "甲市学院",
    "note": "含一年实习",
    "is_demo": True,
    "aptitude_test_max": 30,
}


@pytest.fixture
def plan(personas: Personas) -> Plan:
    return published(ready(personas), ProgrammeDraft(**TYPED))


def fields_of(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in PROGRAMME_FIELDS}


def test_every_brochure_field_is_a_column_of_the_model() -> None:
    columns = {field.name for field in Programme._meta.fields}

    assert set(PROGRAMME_FIELDS) - columns == set()


def test_the_draft_reads_back_every_field_as_the_school_typed_it(plan: Plan) -> None:
    assert [fields_of(draft) for draft in read_drafts(plan)] == [TYPED]


def test_the_search_of_published_programmes_has_every_field(plan: Plan) -> None:
    page = plans.search(plans.PlanFilter(), season=plan.season, at=clock.now())

    assert [fields_of(row) for row in page.rows] == [TYPED]


def test_the_options_of_a_round_have_every_field_but_its_seats_are_of_the_round(personas: Personas, plan: Plan) -> None:
    ranked = Ranked.lay(personas)
    RoundProgramme.objects.create(round=ranked.round, programme=plan.programmes.get(), seats=25, dedicated=0)

    options = find_options(ranked.round, ranked.apply(400), OptionFilter(), clock.now())

    assert [fields_of(option) for option in options] == [TYPED | {"seats": 25}]


def test_the_history_has_every_field_but_the_remark_and_the_mark_of_demonstration_data(plan: Plan) -> None:
    (programme,) = PlanVersion.objects.filter(plan=plan).latest("version").programmes

    assert set(programme) == {"code", "quotas", *PROGRAMME_FIELDS} - {"note", "is_demo"}
    assert (programme["years"], programme["origins"]) == ("3.5", ["junior_this_year"])


def test_the_open_data_has_a_column_for_every_field() -> None:
    keys = [column.key for column in PLANS.columns]

    assert keys == ["code", "school", "city", *(n for n in PROGRAMME_FIELDS if n != "is_demo"), "left", "is_demo"]
