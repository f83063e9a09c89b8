"""The search and the comparison of published programmes."""

import pytest

from tests.support.builders.public_season import PublicSeason
from yangguang.models import Quota

pytestmark = pytest.mark.django_db


def test_up_to_four_programmes_stand_side_by_side_in_the_order_chosen(public_season: PublicSeason) -> None:
    programmes = [
        public_season.enrolled.programme(),
        *(public_season.enrolled.programme(school=public_season.school(f"乙市{n}校")) for n in "一二三四"),
    ]
    ids = [str(programme.public_id) for programme in (programmes[2], programmes[0])]
    page = public_season.text("/plans/compare/", {"programme": [*ids, "不是编号", ids[0]]})

    assert "比较 2 个专业" in page
    assert page.index("乙市二校") < page.index("甲市第一职业学校")
    many = public_season.text("/plans/compare/", {"programme": [str(programme.public_id) for programme in programmes]})

    assert "比较 4 个专业" in many
    assert "一次最多比较 4 个" in many


def test_a_comparison_of_nothing_says_where_to_choose(public_season: PublicSeason) -> None:
    page = public_season.text("/plans/compare/")

    assert "还没有选要比较的专业" in page
    assert "勾选 2 到 4 个专业" in page
    assert "去招生计划" in page


def test_plans_are_filtered_by_what_a_family_asks(public_season: PublicSeason) -> None:
    programme = public_season.enrolled.programme()
    programme.fee, programme.origins = 3000, ["veteran"]
    programme.save(update_fields=["fee", "origins"])
    found = {"fee": "3000", "origin": "veteran", "text": "护", "programme_type": "three_year", "left": "on"}

    assert "甲市第一职业学校" in public_season.text("/plans/", found)
    for wrong in ({"fee": "2000"}, {"origin": "farmer"}, {"programme_type": "one_year"}, {"text": "焊接"}):
        assert "没有符合条件的专业" in public_season.text("/plans/", found | wrong)
    Quota.objects.update(taken=50)

    assert "没有符合条件的专业" in public_season.text("/plans/", {"left": "on"})
