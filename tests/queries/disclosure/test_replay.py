"""Places for the public bundle: those of the reference, also where aptitude tests gave points."""

import pytest
from hypothesis import given, settings

from tests.engine.frozen import Round, texts
from yangguang.queries.disclosure.replay import list_choices, list_considered, read_input
from yangguang.rules.base.refusals import Refused
from yangguang.rules.disclosure.anonymity import ConsideredChoice
from yangguang.rules.runs.ranked_round import match_round


@given(texts())
@settings(max_examples=200)
def test_every_choice_has_the_place_that_the_reference_gives_it(text: str) -> None:
    rows = Round.read(text).rows
    expected = {
        row.number: [(r.rank, rows.codes[r.programme - 1], r.place) for r in row.reasons if r.place is not None]
        for row in match_round(rows.applicants, rows.seats).placements
    }

    choices_by_number = list_choices(rows)

    assert {
        number: [(one.rank, one.code, one.place) for one in choices] for number, choices in choices_by_number.items()
    } == expected


def test_choices_after_the_own_seat_are_not_considered() -> None:
    choices = [ConsideredChoice(rank, code, 1, 1) for rank, code in ((1, "A"), (3, "B"), (4, "C"))]

    assert list_considered(choices, None) == choices
    assert [(one.code, one.is_admitted) for one in list_considered(choices, 3)] == [
        ("A", False),
        ("B", True),
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("yangguang-run\t2\n", "格式变了"),
        (
            "yangguang-run\t1\nprogramme\tA\t-\t0\t-\nperson\tN1\t5\t00\tdirected\t0\tA\n",
            "名额类别directed还没有公开办法",
        ),
    ],
)
def test_an_input_whose_publication_is_not_decided_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        read_input(text)
