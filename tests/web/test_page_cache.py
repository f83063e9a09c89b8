"""Public pages are cached for guests; pages of a person never are."""

import pytest
from django.test import Client

from tests.support.builders.officers import seen
from tests.support.builders.public_season import PublicSeason
from tests.support.builders.web_season import Desk

pytestmark = pytest.mark.django_db


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


def test_pages_of_a_person_are_never_kept_by_a_cache(desk: Desk) -> None:
    assert desk.client.get(desk.url()).headers["Cache-Control"] == "private, no-store"
