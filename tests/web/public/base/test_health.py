"""The page that monitoring reads."""

import pytest

from tests.support.builders.public_season import PublicSeason

pytestmark = pytest.mark.django_db


def test_the_health_page_says_ok_and_is_kept_by_nobody(public_season: PublicSeason) -> None:
    answer = public_season.get("/healthz")

    assert answer.content.startswith(b"ok ")
    assert answer.headers["Cache-Control"] == "no-store"
