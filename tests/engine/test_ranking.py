"""Places from scores and draws, against those of the reference."""

import hashlib
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.rounds import random_round
from tests.rules.oracle import instances
from yangguang.engine.ranking import EqualRank, Ranks, draw_order, rank
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.quotas import ProgrammeSeats
from yangguang.rules.runs.matching_types import Applicant
from yangguang.rules.runs.rank_columns import Claims, Seats

Instance = tuple[list[Applicant], list[ProgrammeSeats]]
WIDE = 1 << 61


def ranked(claims: Claims, seats: Seats, factor: int = 1) -> Ranks:
    """`factor` spreads the scores out, which changes no place."""
    wishes = [wish for given in claims.given for wish in given]
    ways = [way for way in claims.ways if way is not None]
    number = {line: i for i, line in enumerate(seats.of_line)}
    draws = sorted({wish.lottery for wish in wishes})
    columns = len(wishes[0].score) if wishes else 0
    return rank(
        np.array([number[wish.line] for wish in wishes], np.int32),
        np.array([bool(way) for way in ways], np.bool_),
        [np.array([wish.score[c] * factor for wish in wishes], np.int64) for c in range(columns)],
        np.array([draws.index(wish.lottery) for wish in wishes], np.int64),
        np.array([not all(seats.all_wait[b] for b in own) for own in seats.of_line.values()], np.bool_),
    )


def compare(applicants: Sequence[Applicant], lines: Sequence[ProgrammeSeats], factor: int = 1) -> None:
    seats = Seats(lines)
    claims = Claims(applicants, seats)
    found = ranked(claims, seats, factor)
    kept = [slot for slot, way in enumerate(claims.ways) if way is not None]
    assert found.place.tolist() == [claims.place[slot] for slot in kept]
    assert found.group.tolist() == [claims.group[slot] for slot in kept]


@given(instances(people=9, count=4), st.sampled_from([1, -3, WIDE]))
@settings(max_examples=300, deadline=None)
def test_places_are_those_of_the_reference(instance: Instance, factor: int) -> None:
    applicants, lines = instance
    if factor < 0:
        applicants = [
            Applicant(
                number, tuple(wish._replace(score=tuple(point * factor for point in wish.score)) for wish in wishes)
            )
            for number, wishes in applicants
        ]  # fmt: skip
    compare(applicants, lines, max(1, factor))


@pytest.mark.parametrize("kind", ["plain", "waiting", "mixed"])
def test_places_are_those_of_the_reference_in_a_larger_round(kind: str) -> None:
    compare(*random_round(kind, 3, persons=3000, lines=30))


def test_scores_too_wide_for_one_number_are_closed_up() -> None:
    compare(*random_round("mixed", 4, persons=500, lines=10), factor=(1 << 62) // 40)


@given(instances(people=6, count=2))
@settings(max_examples=200, deadline=None)
def test_who_cannot_be_told_apart_stops_the_ranking_exactly_where_the_reference_stops(
    instance: Instance,
) -> None:
    applicants, lines = instance
    applicants = [
        Applicant(number, tuple(wish._replace(lottery=wish.lottery[:-1]) for wish in wishes))
        for number, wishes in applicants
    ]
    seats = Seats(lines)
    try:
        Claims(applicants, seats)
    except Refused as refusal:
        said = str(refusal)
    else:
        said = ""
    if not said:
        compare(applicants, lines)
        return
    claims = Claims.__new__(Claims)
    claims._rank = lambda seats: None  # type: ignore[method-assign]
    claims.__init__(applicants, seats)  # type: ignore[misc]
    with pytest.raises(EqualRank) as found:
        ranked(claims, seats)
    owner = [number for number, wishes in applicants for _ in wishes]
    pair = "、".join(sorted((owner[found.value.one], owner[found.value.other])))
    line = list(seats.of_line)[found.value.line]
    assert said.startswith(f"计划行{line}的报名号{pair}分数")


def test_draws_sort_as_their_texts_do_and_equal_ones_share_a_number() -> None:
    digests = [hashlib.sha256(bytes([i])).digest() for i in range(200)]
    digests += [digests[7], bytes(32), bytes(31) + b"\1", b"\xff" * 32, digests[9][:24] + bytes(8)]
    order = sorted({digest.hex() for digest in digests})
    found = draw_order(np.frombuffer(b"".join(digests), np.uint8).reshape(-1, 32))
    assert found.tolist() == [order.index(digest.hex()) for digest in digests]


def test_nobody_at_all_is_no_fault() -> None:
    none, nobody = np.zeros(0, np.int64), np.zeros(0, np.int32)
    assert rank(nobody, np.zeros(0, bool), [none], none, np.zeros(2, bool)).place.tolist() == []
    assert draw_order(np.zeros((0, 32), np.uint8)).tolist() == []
