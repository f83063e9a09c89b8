"""Seats in public: what is planned less what is left is what is taken, in pages and files alike."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from tests.support.builders.officers import at_desk, page_of, seen
from tests.support.builders.plans import qualify
from tests.support.builders.ranked_round import Ranked
from tests.support.personas import Personas
from yangguang.models import Quota, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def ranked(personas: Personas) -> Ranked:
    """Two programmes of one school, one of them with two seats of a dedicated class, one of these taken."""
    laid = Ranked.lay(personas)
    Unit.objects.filter(pk=personas.school.pk).update(kind="职业高中")
    qualify(personas.school, personas.season.year)
    laid.programme("A", 32, dedicated=2)
    laid.programme("B", 20)
    Quota.objects.filter(programme__code="A", code="general").update(taken=9)
    Quota.objects.filter(programme__code="A", code="dedicated").update(taken=1)
    Quota.objects.filter(programme__code="B").update(taken=3)
    cache.clear()
    return laid


def test_a_public_plan_and_what_is_left_leave_out_dedicated_classes_both(ranked: Ranked) -> None:
    public = Client()
    plans = {row["code"]: row for row in public.get("/open-data/plans.json").json()["rows"]}
    (school,) = public.get("/open-data/schools.json").json()["rows"]

    assert {code: (row["seats"], row["left"]) for code, row in plans.items()} == {"A": (32, 23), "B": (20, 17)}
    assert (school["seats"], school["left"]) == (52, 40)
    assert sum(row["seats"] - row["left"] for row in plans.values()) == school["seats"] - school["left"] == 12

    page = seen(public.get(f"/schools/{ranked.personas.school.public_id}/"))

    assert re.findall(r"计划招生 (\d+) .*?剩余名额 (\d+)", page) == [("52", "40")]
    assert "计划减剩余就是已占的名额" in page
    assert re.findall(r"计划招生 (\d+) .*?剩余名额 (\d+)", seen(public.get("/"))) == [("52", "40")]


def test_the_school_reads_all_its_seats_and_how_many_are_of_dedicated_classes(ranked: Ranked) -> None:
    page = page_of(at_desk(ranked.personas.teacher), "/school/")

    assert re.findall(r"计划数 (\d+) (.*?) 空余名额 (\d+)", page) == [("54", "2 个计划行，含专门编班 2", "41")]
