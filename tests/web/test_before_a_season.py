"""Public pages before any season exists."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests.support.builders.officers import seen
from yangguang.models import Season, SpecialNeeds

pytestmark = pytest.mark.django_db


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
