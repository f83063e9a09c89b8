"""Places for the public bundle: those of the reference, also where aptitude tests gave points."""

from hypothesis import given, settings

from tests.engine.frozen import Round, texts
from yangguang.queries.disclosure.replay_rows import Person, placed, read_programmes
from yangguang.rules.runs.ranked_round import match_round


def people(text: str) -> list[Person]:
    found = []
    for row in text.splitlines():
        if row.startswith("person"):
            _, number, scores, draw, kinds, _, choices = row.split("\t")
            score = tuple(map(int, scores.split(","))) if scores else ()
            found.append(Person(number, score, draw, tuple(kinds.split(",")), tuple(choices.split(" "))))
    return found


@given(texts())
@settings(max_examples=200, deadline=None)
def test_every_choice_has_the_place_that_the_reference_gives_it(text: str) -> None:
    rows = Round.read(text).rows
    expected = {
        row.number: [
            (r.rank, rows.codes[r.programme - 1], r.place) for r in row.reasons if r.place is not None
        ]
        for row in match_round(rows.applicants, rows.seats).placements
    }
    found = placed(people(text), read_programmes(text))
    assert {
        number: [(one.rank, one.code, one.place) for one in asked] for number, asked in found.items()
    } == expected
