"""Programme types by intake year: 本科贯通 and 专科贯通 begin with 2026, where 3+2, 五年一贯制 and 3+4 end."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from tests.support.builders.officers import at_desk
from tests.support.builders.plans import drafted, programme, qualify
from tests.support.builders.policy import set_rule
from tests.support.personas import SHELL, Personas
from yangguang.actions.organisation import directory
from yangguang.models import PolicyRule, Season
from yangguang.reference import rows
from yangguang.rules.base.refusals import BadRows
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.seasons.windows import WindowKind

BACHELOR = programme(programme_type=ProgrammeType.BACHELOR_PATHWAY, years=Decimal(7))
COLLEGE = programme("学前教育", programme_type=ProgrammeType.COLLEGE_PATHWAY, years=Decimal(5))
THREE_PLUS_TWO = programme(programme_type=ProgrammeType.THREE_PLUS_TWO, years=Decimal(5))


def ready_in(personas: Personas, year: int) -> Personas:
    """A school that may plan in the autumn of this year."""
    directory.load(by=SHELL, rules=rows("policy_rules"))
    personas.season, _ = Season.objects.get_or_create(year=year, term="AUTUMN")
    qualify(personas.school, year)
    personas.open(WindowKind.PLAN_ENTRY)
    return personas


def test_a_plan_of_2024_cannot_have_a_type_of_2026(personas: Personas) -> None:
    ready_in(personas, 2024)

    with pytest.raises(BadRows) as refused:
        drafted(personas, BACHELOR)

    (fault,) = [row for row in refused.value.rows if row.where.endswith("培养类型")]
    assert fault.what == "这一年的招生没有本科贯通"
    assert fault.now == "请从三年制、3+2、五年一贯制、3+4、一年制、高中起点中选择"
    assert "〔2024〕432号" in fault.clause


def test_a_plan_of_2026_has_the_types_of_its_year_and_no_earlier_ones(personas: Personas) -> None:
    ready_in(personas, 2026)

    assert drafted(personas, BACHELOR, COLLEGE).programmes.count() == 2
    with pytest.raises(BadRows) as refused:
        drafted(personas, THREE_PLUS_TWO)

    (fault,) = [row for row in refused.value.rows if row.where.endswith("培养类型")]
    assert (fault.what, fault.clause) == ("这一年的招生没有3+2", "教职成〔2026〕27号")


def options_of(personas: Personas) -> list[set[str]]:
    """The programme types that the school's form offers, and those that the public search offers."""
    url = f"/school/plan/edit/?season={personas.season.public_id}"
    pages = at_desk(personas.teacher).get(url), Client().get("/plans/")
    labels = {one.label for one in ProgrammeType}
    return [set(re.findall(r"<option[^>]*>([^<]+)</option>", page.content.decode())) & labels for page in pages]


def test_form_and_search_offer_the_types_of_the_season(personas: Personas) -> None:
    Season.objects.all().delete()
    ready_in(personas, 2024)

    assert options_of(personas) == [{"三年制", "3+2", "五年一贯制", "3+4", "一年制", "高中起点"}] * 2


def test_a_changed_row_changes_form_and_search_together(personas: Personas) -> None:
    Season.objects.all().delete()
    ready_in(personas, 2024)
    PolicyRule.objects.filter(key="programme.types").delete()
    set_rule("programme.types", ["three_year", "bachelor_pathway"])
    set_rule("programme.years", [7, 7], "培养类型=本科贯通")

    assert options_of(personas) == [{"三年制", "本科贯通"}] * 2
