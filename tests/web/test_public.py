"""The public pages: found without logging in, sourced, never late, never a name, the same cost for 1 and 3 rows."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from tests.support.builders.log_changes import create_root
from tests.support.builders.public_season import PublicSeason, cost, seen
from tests.support.personas import Personas
from tests.support.production import leave_demonstration
from yangguang.models import Season, SpecialNeeds
from yangguang.rules.seasons.rounds import WindowKind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Pages kept for guests do not outlive a test; WhiteNoise wants its folder, empty as it is."""
    cache.clear()
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def public_season(personas: Personas) -> PublicSeason:
    return PublicSeason.lay(personas)


def test_the_demonstration_says_what_it_is_and_its_roles_open_doors(public_season: PublicSeason) -> None:
    page = public_season.get("/").content.decode()

    assert "这是演示站点" in page
    assert "进入为市教育局" in page
    value = page.split("进入为市教育局")[0].rsplit('name="seat" value="', 1)[1].split('"')[0]

    assert public_season.client.post("/demo/", {"seat": value}).headers["Location"] == "/desk/"


def test_outside_of_the_demonstration_no_role_is_offered(public_season: PublicSeason, settings: Settings) -> None:
    leave_demonstration(settings)
    page = public_season.get("/").content.decode()

    assert "演示" not in seen(public_season.get("/"))
    assert 'name="seat"' not in page


def test_a_guest_gets_the_kept_page_and_nothing_when_it_is_the_same(public_season: PublicSeason) -> None:
    first = public_season.get("/schools/")

    assert first.headers["Cache-Control"] == "public, max-age=5"
    assert "Cookie" in first.headers["Vary"]
    again = public_season.get("/schools/", headers={"if-none-match": first.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_a_kept_page_is_never_given_to_someone_who_is_signed_in(public_season: PublicSeason) -> None:
    public_season.get("/schools/")
    session = public_season.client.session
    session["account"] = public_season.personas.family().account
    session.save()
    answer = public_season.get("/schools/")

    assert "我的页面" in seen(answer)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "我的页面" not in seen(Client().get("/schools/"))


def test_large_letters_are_kept_apart_from_standard_ones(public_season: PublicSeason) -> None:
    assert b'class="elder"' not in public_season.get("/schools/").content
    public_season.client.cookies["elder"] = "1"

    assert b'class="elder"' in public_season.get("/schools/").content


@pytest.mark.parametrize("url", ["/schools/", "/plans/", "/notices/", "/audit/roots/"])
@pytest.mark.parametrize(
    "query", [{"after": "%00"}, {"after": '["a"]'}, {"area": "\x00", "sort": "drop"}, {"fee": "x", "root": "\x00" * 64}]
)
def test_an_address_that_somebody_typed_breaks_nothing(
    public_season: PublicSeason, url: str, query: dict[str, str]
) -> None:
    assert public_season.get(url, query).status_code == 200


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
    one = cost(public_season, asked)
    for n, name in enumerate("二三"):
        public_season.warns(public_season.school(f"乙市{name}校"), name)
        public_season.notice(name), create_root(date(2024, 8, n + 2)), public_season.personas.open(list(WindowKind)[n])
        public_season.enrolled.programme(("five_year", "one_year")[n])
    cache.clear()

    assert (cost(public_season, asked), one > 0) == (one, True)


def test_before_any_season_the_pages_say_what_will_be_there(db: None) -> None:
    cache.clear()
    client = Client()

    assert Season.objects.count() == 0
    assert SpecialNeeds.objects.count() == 0
    for url in ("/", "/plans/", "/notices/", "/rules/", "/disclosure/", "/calendar/", "/audit/roots/"):
        assert client.get(url).status_code == 200, url
    answer = client.get("/schools/")

    assert answer.status_code == 404
    assert "还没有设立招生季" in seen(answer)


def test_the_health_page_says_ok_and_is_kept_by_nobody(public_season: PublicSeason) -> None:
    answer = public_season.get("/healthz")

    assert answer.content.startswith(b"ok ")
    assert answer.headers["Cache-Control"] == "no-store"


def test_no_public_page_takes_a_post_but_the_look_up(public_season: PublicSeason) -> None:
    for url in ("/", "/schools/", "/plans/", "/notices/", "/rules/", "/disclosure/", "/audit/roots/", "/open-data/"):
        assert public_season.client.post(url).status_code == 405, url
