"""Two seasons that can be registered for at once: the family chooses, and everything after is for its choice."""

from datetime import timedelta

import pytest

from tests.support.builders.family import Family
from tests.support.builders.web_season import text
from tests.support.personas import Personas
from yangguang import clock
from yangguang.models import Application, Round, Season, Window
from yangguang.rules.seasons.windows import WindowKind

pytestmark = pytest.mark.django_db
START, CHOICE, REVIEW = "/me/register/", "/me/register/season/", "/me/register/review/"


def open_registration(season: Season, *, begins: int = -1, ends: int = 30) -> Window:
    now = clock.now()
    span = {"opens_at": now + timedelta(days=begins), "closes_at": now + timedelta(days=ends)}
    window: Window = Window.objects.create(season=season, kind=WindowKind.REGISTRATION.value, **span)
    return window


@pytest.fixture
def spring(personas: Personas) -> Season:
    """Next year's spring, open beside this autumn and opened last."""
    open_registration(personas.season, begins=-5, ends=10)
    spring: Season = Season.objects.create(year=personas.season.year + 1, term="SPRING")
    open_registration(spring)
    Round.objects.create(season=spring, number=1, name="春季注册", kind="direct", programme_types=[])
    return spring


@pytest.fixture
def family(personas: Personas) -> Family:
    return Family(personas).signs_in()


def test_the_start_asks_which_season_with_its_dates_and_rounds(spring: Season, family: Family) -> None:
    assert family.client.get(START).headers["Location"] == CHOICE

    page = text(family.client.get(CHOICE))

    assert f"{family.personas.season}：{family.personas.season.year}年秋季学期入学；" in page
    assert f"{spring}：{spring.year}年春季学期入学；" in page
    assert "批次：春季注册" in page
    assert "checked" not in family.client.get(CHOICE).content.decode()
    assert "报名分7步" in text(family.client.get("/me/"))


@pytest.mark.parametrize("term", ["SPRING", "AUTUMN"])
def test_the_registration_is_for_the_season_that_was_chosen(spring: Season, family: Family, term: str) -> None:
    chosen = Season.objects.get(term=term)

    assert family.posts("season", {"season": str(chosen.public_id)}).headers["Location"] == "/me/register/consent/"
    assert family.fills() is None
    assert str(chosen) in text(family.client.get(REVIEW))
    assert family.submits().headers["Location"] == "/me/register/received/"
    assert Application.objects.get().season == chosen


def test_nothing_is_registered_without_the_answer(spring: Season, family: Family) -> None:
    assert family.fills() is None
    assert family.client.get(REVIEW).headers["Location"] == CHOICE

    answer = family.posts("season", {"season": ""})

    assert answer.status_code == 422
    assert "这一项必填" in text(answer)
    assert Application.objects.count() == 0


def test_a_chosen_season_that_closed_meanwhile_refuses_and_never_falls_to_the_other(
    spring: Season, family: Family
) -> None:
    autumn = family.personas.season
    family.posts("season", {"season": str(autumn.public_id)})

    assert family.fills() is None

    Window.objects.filter(season=autumn).update(closes_at=clock.now() - timedelta(hours=1))
    answer = family.submits()

    assert answer.status_code in (409, 422, 423)
    assert "报名已经截止" in text(answer)
    assert Application.objects.count() == 0


def test_the_other_season_changed_in_a_second_tab_is_noticed(spring: Season, family: Family) -> None:
    autumn = family.personas.season
    family.posts("season", {"season": str(spring.public_id)})

    assert family.fills() is None

    review = family.opens("review")
    family.posts("season", {"season": str(autumn.public_id)})
    answer = family.client.post(REVIEW, {"_displayed": review, "_key": "k" * 32})

    assert answer.status_code == 409
    assert str(spring) in text(answer)
    assert str(autumn) in text(answer)
    assert Application.objects.count() == 0


def test_with_one_season_open_there_is_no_choice(personas: Personas, family: Family) -> None:
    open_registration(personas.season)

    assert family.client.get(START).headers["Location"] == "/me/register/consent/"
    assert family.answers().headers["Location"] == "/me/register/received/"
    assert "招生季" not in text(family.client.get("/me/register/consent/"))


def test_a_family_with_a_child_in_one_season_is_offered_the_other(spring: Season, family: Family) -> None:
    family.posts("season", {"season": str(spring.public_id)})
    family.answers()

    home = family.client.get("/me/")

    assert "都在报名" in text(home)
    assert START in home.content.decode()
