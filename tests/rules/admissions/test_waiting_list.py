"""Whoever is offered a freed seat is the one the published order names, whatever comes in which order."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.rules.admissions.waiting_list import Free, Waiting, choose
from yangguang.rules.plans.quotas import Tie


def one(
    number: str, programme: int, place: int, *, rank: int = 1, score: int | None = None, **more: object
) -> Waiting:
    made = Waiting(
        number, rank, programme, "general", place, (1000 - place if score is None else score,), False
    )
    return replace(made, **more)


def seats(programme: int, count: int, tie: Tie = Tie.LOTTERY, school: int = 1) -> Free:
    return Free(programme, f"L{programme}", school, "general", count, tie)


def chosen(waiting: list[Waiting], free: list[Free], room: dict[int, int] | None = None) -> dict[str, int]:
    return {w.number: w.programme for w in choose(waiting, free, room or {})}


def test_the_first_in_the_published_order_gets_the_seat() -> None:
    assert chosen([one("c", 1, 30), one("a", 1, 9), one("b", 1, 12)], [seats(1, 2)]) == {"a": 1, "b": 1}


def test_a_person_gets_the_best_of_what_is_free_and_only_that() -> None:
    waiting = [one("a", 1, 2, rank=2), one("a", 2, 5, rank=1), one("b", 1, 3)]
    assert chosen(waiting, [seats(1, 1), seats(2, 1)]) == {"a": 2, "b": 1}


def test_a_tied_group_is_offered_seats_together_or_not_at_all() -> None:
    waiting = [one("a", 1, 4, score=500), one("b", 1, 5, score=500), one("c", 1, 6, score=400)]
    assert chosen(waiting, [seats(1, 1, Tie.ALL_WAIT)]) == {}
    assert chosen(waiting, [seats(1, 2, Tie.ALL_WAIT)]) == {"a": 1, "b": 1}
    assert chosen(waiting, [seats(1, 1)]) == {"a": 1}


def test_equal_scores_further_down_are_another_group() -> None:
    waiting = [one("a", 1, 1, score=9), one("b", 1, 2, score=8), one("c", 1, 3, score=9)]
    assert chosen(waiting, [seats(1, 1, Tie.ALL_WAIT)]) == {"a": 1}


def test_somebody_in_an_open_case_is_passed_over() -> None:
    waiting = [one("a", 1, 1, quarantined=True), one("b", 1, 2)]
    assert chosen(waiting, [seats(1, 1)]) == {"b": 1}


def test_a_capped_school_takes_no_more_than_its_room_and_a_stopped_one_nobody() -> None:
    waiting = [one("a", 1, 1), one("b", 1, 2), one("c", 2, 1)]
    assert len(chosen(waiting, [seats(1, 2), seats(2, 1)], {1: 2})) == 2
    assert chosen(waiting, [seats(1, 2), seats(2, 1)], {1: 0}) == {}


def test_seats_of_another_kind_are_not_theirs() -> None:
    free = replace(seats(1, 1), kind="dedicated")
    assert chosen([one("a", 1, 1)], [free]) == {}
    assert chosen([one("a", 1, 1, kind="dedicated")], [free]) == {"a": 1}


def test_seats_nobody_waits_for_and_people_without_a_free_seat_are_no_fault() -> None:
    assert (chosen([], [seats(1, 3)]), chosen([one("a", 1, 1)], [])) == ({}, {})


@st.composite
def lists(draw: st.DrawFn) -> tuple[list[Waiting], list[Free]]:
    programmes = draw(st.integers(1, 4))
    waiting = []
    people = draw(st.integers(1, 12))
    for programme in range(1, programmes + 1):
        order = draw(st.permutations(range(people)))
        scores = sorted((draw(st.integers(1, 4)) for _ in order), reverse=True)
        for place, (who, score) in enumerate(zip(order, scores, strict=True), 1):
            if draw(st.booleans()):
                waiting.append(one(f"n{who:02d}", programme, place, rank=programme, score=score))
    ties = st.sampled_from(list(Tie))
    return waiting, [
        seats(programme, draw(st.integers(1, 5)), draw(ties)) for programme in range(1, programmes + 1)
    ]


@given(lists(), st.randoms(use_true_random=False))
def test_no_order_of_the_rows_changes_who_is_chosen_and_nobody_is_passed_over(
    drawn: tuple[list[Waiting], list[Free]], chance: random.Random
) -> None:
    waiting, free = drawn
    found = choose(waiting, free, {})
    shuffled = [*waiting]
    chance.shuffle(shuffled)
    assert choose(shuffled, free[::-1], {}) == found
    assert len({w.number for w in found}) == len(found)
    got = {w.number: w.rank for w in found}
    for seat in free:
        here = [w for w in found if w.programme == seat.sector]
        assert len(here) <= seat.seats
        better = [w for w in waiting if w.programme == seat.sector and w.rank < got.get(w.number, 99)]
        assert all(w.place < other.place for w in here for other in better)
        if seat.tie is Tie.LOTTERY:
            assert len(here) == seat.seats or not better


def test_a_wrong_result_would_stop_the_offers(monkeypatch: pytest.MonkeyPatch) -> None:
    from yangguang.rules.admissions import waiting_list as module

    def backwards(applicants: object, programmes: object) -> object:
        found = match_round(applicants, programmes)
        rows = [row._replace(rank=None, programme=None, quota=None) for row in found.placements]
        return found._replace(placements=tuple(rows))

    match_round = module.match_round
    monkeypatch.setattr(module, "match_round", backwards)
    with pytest.raises(RuntimeError, match="空着"):
        choose([one("a", 1, 1)], [seats(1, 1)], {})
