"""Where the round before ended, beside the own score."""

import pytest

from yangguang.rules.choices.own_place import describe_own_place


@pytest.mark.parametrize(
    ("admitted", "last_place", "last_score", "own", "sentence"),
    [
        (40, 40, 231, 255, "集中录取录到第40位，最低231分；您255分，高24分"),
        (40, 40, 231, 230, "集中录取录到第40位，最低231分；您230分，低1分"),
        (40, 40, 231, 231, "集中录取录到第40位，最低231分；您231分，一样"),
        (40, 1040, None, 255, "集中录取录到第1,040位"),
        (40, 40, 231, None, "集中录取录到第40位"),
        (39, 39, 231, 255, "集中录取没有录满"),
        (None, None, None, 255, ""),
    ],
)
def test_the_own_place_is_a_sentence_of_public_numbers(
    admitted: int | None, last_place: int | None, last_score: int | None, own: int | None, sentence: str
) -> None:
    numbers = {"seats": 40, "admitted": admitted, "last_place": last_place, "last_score": last_score, "own": own}

    assert describe_own_place("集中录取", **numbers) == sentence
