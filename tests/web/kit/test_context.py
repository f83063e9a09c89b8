"""The values of every template."""

import pytest
from django.template import engines
from django.test import Client, RequestFactory

from tests.support.personas import Personas

pytestmark = pytest.mark.usefixtures("kit_routes")


def test_a_page_says_who_reads_it_and_a_fresh_key(personas: Personas, browser: Client) -> None:
    words = "{{ home_url }} {{ actor.role.label }} {{ fresh_key }} {{ fresh_key }} {{ desk }}"
    request = RequestFactory().get("/")
    request.actor = personas.ce.actor
    request.resolver_match = None
    home, role, first, second, desk = engines["django"].from_string(words).render({}, request).split()

    assert (home, role, desk) == ("/desk/", "县（市、区）教育局", "public")
    assert first != second
