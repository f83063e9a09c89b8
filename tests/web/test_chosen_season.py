"""A season that is chosen on the front page of a desk stays chosen on every page that its links lead to."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests.support.builders.officers import at_desk, page_of
from tests.support.personas import Personas, personas
from yangguang.models import Season

__all__ = ["personas"]
pytestmark = pytest.mark.django_db
FRONTS = {"pe1": "/desk/", "me": "/desk/", "ce": "/desk/", "teacher": "/school/"}
# The tabs of seasons choose another one; the others are about no season.
NOT_OF_A_SEASON = re.compile(r"^\?season=|^/account/|^/logout/|^/login/|^#")

# New rows and templates have no season, and a school's records are those of all seasons.
SAME_FOR_ALL = re.compile(r"^/desk/\w+/(new|publish|templates)/|^/schools/$|^/school/records/|^/desk/outside/$")


@pytest.fixture
def chosen(personas: Personas) -> Season:
    """Last year's season, which is not the current one."""
    return Season.objects.create(year=personas.season.year - 1, term="AUTUMN")


def links_in(page: str) -> list[str]:
    """The addresses of the links in the navigation and in the main part."""
    start = min(i for i in (page.find('<nav class="nav nav--desk"'), page.find("<main")) if i >= 0)
    body = page[start : page.index("</main>")]
    return [one.replace("&amp;", "&") for one in re.findall(r'<a\b[^>]*\bhref="([^"]*)"', body)]


def losing(client: Client, url: str, season: Season) -> list[str]:
    """The links of the page that lead on without the season."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    ids = {str(season.public_id), season.public_id.hex}
    return [
        one
        for one in links_in(answer.content.decode())
        if not NOT_OF_A_SEASON.match(one) and not ids & set(parse_qs(urlsplit(one).query).get("season", []))
    ]


def chosen_links(client: Client, url: str) -> list[str]:
    """The links of a page, without those that are about no season."""
    return [one for one in links_in(client.get(url).content.decode()) if not NOT_OF_A_SEASON.match(one)]


@pytest.mark.parametrize("who", FRONTS)
def test_every_link_of_the_front_page_keeps_the_chosen_season(personas: Personas, chosen: Season, who: str) -> None:
    client = at_desk(getattr(personas, who))
    front = f"{FRONTS[who]}?season={chosen.public_id}"

    assert losing(client, front, chosen) == []
    assert len(chosen_links(client, front)) >= 8


@pytest.mark.parametrize("who", FRONTS)
def test_so_do_the_links_of_the_pages_that_it_leads_to(personas: Personas, chosen: Season, who: str) -> None:
    client = at_desk(getattr(personas, who))
    links = set(chosen_links(client, f"{FRONTS[who]}?season={chosen.public_id}"))

    lost = {link: losing(client, link, chosen) for link in links}

    assert {one for rows in lost.values() for one in rows if not SAME_FOR_ALL.search(one)} == set()


def test_forms_and_targets_are_of_the_year_of_the_chosen_season(personas: Personas, chosen: Season) -> None:
    city = at_desk(personas.me)

    for page in ("/desk/targets/", "/desk/reports/"):
        assert f"{chosen.year}年" in page_of(city, f"{page}?season={chosen.public_id}")
        assert f"year={chosen.year}&amp;" in city.get(f"{page}?season={chosen.public_id}").content.decode()


def test_without_a_choice_the_links_are_bare(personas: Personas) -> None:
    nav = links_in(at_desk(personas.me).get("/desk/").content.decode())

    assert "/desk/rounds/" in nav
    assert "/desk/targets/" in nav
