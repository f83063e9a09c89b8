"""An address that a person typed or changed breaks no list."""

import pytest
from django.test import Client

from tests.support.builders.officers import page_of, seen
from tests.support.builders.public_season import PublicSeason

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("url", ["/schools/", "/plans/", "/notices/", "/audit/roots/"])
@pytest.mark.parametrize(
    "query", [{"after": "%00"}, {"after": '["a"]'}, {"area": "\x00", "sort": "drop"}, {"fee": "x", "root": "\x00" * 64}]
)
def test_an_address_that_somebody_typed_breaks_nothing(
    public_season: PublicSeason, url: str, query: dict[str, str]
) -> None:
    assert public_season.get(url, query).status_code == 200


@pytest.mark.parametrize(
    "url", ["/school/applicants/", "/school/admissions/people/", "/school/check-in/", "/school/records/"]
)
def test_a_key_somebody_typed_begins_at_the_beginning(public_season: PublicSeason, school: Client, url: str) -> None:
    number = public_season.admitted("某甲").application.number
    shows = number in page_of(school, url)
    keys = ["1e400,1e400", '"\\ud800",1', "NaN,1", "1e300,1e300", '"a",true', "9" * 400 + ",1"]
    for key in keys:
        for typed in (f"[{key}]", f'[{key},"x"]'):
            for name in ("after", "before"):
                assert school.get(url, {name: typed}).status_code == 200, (url, name, typed)
    for key in keys[:3]:
        listed = seen(school.get(url, {"after": f'[{key},"x"]' if "applicants" in url else f"[{key}]"}))
        assert (number in listed) == shows
