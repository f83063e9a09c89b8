"""The rounds still to come: of the season, not closed, and for students without a seat."""

from datetime import timedelta

import pytest

from tests.support.personas import Personas, personas
from yangguang import clock
from yangguang.models import Round, Season, Window
from yangguang.queries.runs.later_rounds import bind_sentences, find_later_rounds
from yangguang.rules.applicants.origins import Origin

__all__ = ["personas"]
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def lay(season: Season, number: int, kind: str, days: int | None) -> Round:
    round: Round = Round.objects.create(season=season, number=number, name=f"第{number}批", kind=kind)
    closes = None if days is None else clock.now() + days * DAY
    Window.objects.create(season=season, round=round, kind="choices", opens_at=clock.now() - 9 * DAY, closes_at=closes)
    return round


@pytest.fixture
def rounds(personas: Personas) -> list[Round]:
    Round.objects.all().delete()
    other = Season.objects.create(year=personas.season.year + 1, term="SPRING")
    return [
        lay(personas.season, 1, "ranked", -1),
        lay(personas.season, 2, "supplementary_ranked", 2),
        lay(personas.season, 3, "imported", 2),
        lay(personas.season, 4, "transfer", 2),
        lay(personas.season, 5, "direct", None),
        lay(other, 6, "direct", 2),
    ]


def test_closed_rounds_and_those_that_take_nobody_without_a_seat_are_left_out(rounds: list[Round]) -> None:
    now = clock.now()

    names = [
        [one.name for one in find_later_rounds(rounds[0].season_id, at, beside=beside)]
        for at, beside in ((now, None), (now, rounds[1]), (now + 3 * DAY, None))
    ]

    assert names == [["第2批", "第5批"], ["第5批"], ["第5批"]]


def test_a_statement_gets_one_sentence_for_each_round_and_origin(rounds: list[Round]) -> None:
    bound = bind_sentences(rounds[:2], clock.now())

    assert bound["of_rounds"] == [rounds[0].pk] * len(Origin) + [rounds[1].pk] * len(Origin)
    assert bound["origins"] == [origin.value for origin in Origin] * 2
    assert [sentence.count("第") for sentence in bound["later"][:: len(Origin)]] == [2, 1]  # type: ignore[index]
