"""Free seats are offered by the published order, whatever the order of the rows."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.rules.admissions import waiting_list
from yangguang.rules.admissions.waiting_list import FreeSeats, WaitingChoice, choose_offers
from yangguang.rules.plans.quotas import Tie


def choice(
    number: str, programme: int, place: int, *, rank: int = 1, score: int | None = None, **changes: object
) -> WaitingChoice:
    scores = (1000 - place if score is None else score,)
    return replace(WaitingChoice(number, rank, programme, "general", place, scores, False), **changes)


def seats(programme: int, count: int, tie: Tie = Tie.LOTTERY, school: int = 1) -> FreeSeats:
    return FreeSeats(programme, f"L{programme}", school, "general", count, tie)


def offered(waiting: list[WaitingChoice], free: list[FreeSeats], caps: dict[int, int] | None = None) -> dict[str, int]:
    """报名号 to the programme offered."""
    return {row.number: row.programme for row in choose_offers(waiting, free, caps or {})}


def test_the_first_places_of_the_published_order_are_offered_the_seats() -> None:
    waiting = [choice("c", 1, 30), choice("a", 1, 9), choice("b", 1, 12)]

    assert offered(waiting, [seats(1, 2)]) == {"a": 1, "b": 1}


def test_an_applicant_is_offered_only_the_highest_choice_with_a_free_seat() -> None:
    waiting = [choice("a", 1, 2, rank=2), choice("a", 2, 5, rank=1), choice("b", 1, 3)]

    assert offered(waiting, [seats(1, 1), seats(2, 1)]) == {"a": 2, "b": 1}


@pytest.mark.parametrize(
    ("free", "expected"),
    [
        (seats(1, 1, Tie.ALL_WAIT), {}),
        (seats(1, 2, Tie.ALL_WAIT), {"a": 1, "b": 1}),
        (seats(1, 1, Tie.LOTTERY), {"a": 1}),
    ],
)
def test_under_all_wait_a_tied_group_is_offered_seats_together_or_not_at_all(
    free: FreeSeats, expected: dict[str, int]
) -> None:
    waiting = [choice("a", 1, 4, score=500), choice("b", 1, 5, score=500), choice("c", 1, 6, score=400)]

    assert offered(waiting, [free]) == expected


def test_equal_scores_that_are_not_neighbours_are_different_groups() -> None:
    waiting = [choice("a", 1, 1, score=9), choice("b", 1, 2, score=8), choice("c", 1, 3, score=9)]

    assert offered(waiting, [seats(1, 1, Tie.ALL_WAIT)]) == {"a": 1}


def test_an_applicant_in_an_open_identity_case_is_passed_over() -> None:
    waiting = [choice("a", 1, 1, quarantined=True), choice("b", 1, 2)]

    assert offered(waiting, [seats(1, 1)]) == {"b": 1}


@pytest.mark.parametrize("cap", [2, 0])
def test_a_school_offers_no_more_seats_than_its_cap_leaves(cap: int) -> None:
    waiting = [choice("a", 1, 1), choice("b", 1, 2), choice("c", 2, 1)]

    assert len(offered(waiting, [seats(1, 2), seats(2, 1)], {1: cap})) == cap


def test_seats_are_offered_only_within_their_quota() -> None:
    free = replace(seats(1, 1), kind="dedicated")

    assert offered([choice("a", 1, 1)], [free]) == {}
    assert offered([choice("a", 1, 1, kind="dedicated")], [free]) == {"a": 1}


def test_without_applicants_or_without_free_seats_nothing_is_offered() -> None:
    assert offered([], [seats(1, 3)]) == {}
    assert offered([choice("a", 1, 1)], []) == {}


@st.composite
def lists(draw: st.DrawFn) -> tuple[list[WaitingChoice], list[FreeSeats]]:
    programmes = range(1, draw(st.integers(1, 4)) + 1)
    applicants = draw(st.integers(1, 12))
    waiting = []
    for programme in programmes:
        order = draw(st.permutations(range(applicants)))
        scores = sorted((draw(st.integers(1, 4)) for _ in order), reverse=True)
        for place, (applicant, score) in enumerate(zip(order, scores, strict=True), 1):
            if draw(st.booleans()):
                waiting.append(choice(f"n{applicant:02d}", programme, place, rank=programme, score=score))
    ties = st.sampled_from(list(Tie))
    return waiting, [seats(programme, draw(st.integers(1, 5)), draw(ties)) for programme in programmes]


@given(lists(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_change_the_offers(
    drawn: tuple[list[WaitingChoice], list[FreeSeats]], chance: random.Random
) -> None:
    waiting, free = drawn
    shuffled = [*waiting]
    chance.shuffle(shuffled)

    assert choose_offers(shuffled, free[::-1], {}) == choose_offers(waiting, free, {})


@given(lists())
def test_no_applicant_is_passed_over_for_a_lower_place(drawn: tuple[list[WaitingChoice], list[FreeSeats]]) -> None:
    waiting, free = drawn

    offers = choose_offers(waiting, free, {})

    ranks = {row.number: row.rank for row in offers}

    assert len(ranks) == len(offers)
    for quota in free:
        here = [row for row in offers if row.programme == quota.programme]
        passed_over = [
            row for row in waiting if row.programme == quota.programme and row.rank < ranks.get(row.number, 99)
        ]
        assert len(here) <= quota.seats
        assert all(row.place < other.place for row in here for other in passed_over)
        assert quota.tie is not Tie.LOTTERY or len(here) == quota.seats or not passed_over


def test_a_result_that_the_verifier_rejects_stops_the_offers(monkeypatch: pytest.MonkeyPatch) -> None:
    match_round = waiting_list.match_round

    def place_nobody(applicants: object, programmes: object) -> object:
        result = match_round(applicants, programmes)
        rows = [row._replace(rank=None, programme=None, quota=None) for row in result.placements]
        return result._replace(placements=tuple(rows))

    monkeypatch.setattr(waiting_list, "match_round", place_nobody)

    with pytest.raises(RuntimeError, match="空着"):
        choose_offers([choice("a", 1, 1)], [seats(1, 1)], {})
