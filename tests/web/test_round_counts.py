"""The numbers of a round and of a run are the same on each page that shows them. (docs/mechanisms/counts.md)"""

from collections import defaultdict

import pytest
from django.test import Client

from tests.support.builders.officers import at_desk
from tests.support.builders.public_season import PublicSeason
from tests.support.number_reader import read_page

pytestmark = pytest.mark.django_db


def read_numbers(client: Client, *urls: str) -> dict[str, dict[str, set[str]]]:
    """By step, the texts and the pages on which each one stands."""
    counts: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for url in urls:
        for number in read_page(url, client.get(url).content.decode())[0]:
            counts[number.key.split(":")[1]][number.text].add(url)
    return counts


def test_a_round_has_the_same_public_numbers_in_the_list_and_on_its_page(public_season: PublicSeason) -> None:
    page = f"/disclosure/{public_season.enrolled.round.public_id}/"
    counts = read_numbers(public_season.client, "/disclosure/", page)

    assert {step: list(texts.values()) for step, texts in counts.items() if step in ("persons", "seats", "listed")} == {
        step: [{"/disclosure/", page}] for step in ("persons", "seats", "listed")
    }


def test_a_round_and_its_run_have_the_same_numbers_on_each_page_of_the_desk(public_season: PublicSeason) -> None:
    officer = at_desk(public_season.personas.pe1)
    public_season.run.counts = {"persons": 20, "placed": 12}
    public_season.run.save(update_fields=["counts"])
    round = f"/desk/rounds/{public_season.enrolled.round.public_id}/"
    run = f"/desk/runs/{public_season.run.public_id}/"
    counts = read_numbers(officer, "/desk/rounds/", round, run)

    assert {step: list(texts.values()) for step, texts in counts.items()} == {
        "programmes": [{"/desk/rounds/", round}],
        "seats": [{"/desk/rounds/", round}],
        "persons": [{round, run}],
        "placed": [{round, run}],
    }
