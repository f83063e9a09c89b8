"""The fast engine against the published reference, to the last row: seats, buckets, flows, cuts."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.input import ends, ends_of, read, rows, rows_of

from tests.engine.rounds import random_round
from tests.rules.oracle import instances
from yangguang.engine.matcher import match_problem
from yangguang.rules.plans.quotas import ProgrammeSeats, Tie
from yangguang.rules.runs.matching import _Run, match
from yangguang.rules.runs.matching_types import Applicant

Instance = tuple[list[Applicant], list[ProgrammeSeats]]


def compare(applicants: Sequence[Applicant], lines: Sequence[ProgrammeSeats]) -> None:
    """Everything the reference has to say about a run, from both engines."""
    claims, seats, problem = read(applicants, lines)
    settled = match_problem(problem)
    outcome = match(applicants, lines)
    assert rows(settled, claims, seats) == rows_of(outcome)
    assert ends(settled, problem, seats) == ends_of(outcome)
    _Run(claims, seats).settle()
    assert settled.reached.tolist() == seats.reached
    assert settled.room.tolist() == seats.room
    assert settled.cut.tolist() == seats.cut
    assert settled.held.tolist() == [len(heap) for heap in seats.held]


@given(instances(people=9, count=4))
@settings(max_examples=600, deadline=None)
def test_both_engines_say_the_same_about_every_small_round(instance: Instance) -> None:
    compare(*instance)


@given(instances((Tie.LOTTERY,), people=9, count=4))
@settings(max_examples=300, deadline=None)
def test_both_engines_say_the_same_where_the_lottery_decides(instance: Instance) -> None:
    compare(*instance)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", ["plain", "buckets", "waiting", "mixed"])
def test_both_engines_say_the_same_about_larger_rounds(kind: str, seed: int) -> None:
    compare(*random_round(kind, seed, persons=1500, lines=40))


def test_only_the_order_of_keys_and_groups_counts() -> None:
    claims, seats, problem = read(*random_round("mixed", 2, persons=600, lines=12))
    assert problem.group is not None
    spread = replace(problem, key=problem.key * 1000 + problem.group, group=problem.group * 3 + 5)
    assert rows(match_problem(spread), claims, seats) == rows(match_problem(problem), claims, seats)
    assert match_problem(spread).held.tolist() == match_problem(problem).held.tolist()


@given(st.integers(0, 5), st.sampled_from(["plain", "mixed"]))
@settings(max_examples=12, deadline=None)
def test_the_order_of_the_applicants_does_not_matter(seed: int, kind: str) -> None:
    applicants, lines = random_round(kind, seed, persons=300, lines=12)
    claims, seats, problem = read(applicants, lines)
    turned_claims, turned_seats, turned = read(applicants[::-1], lines)
    assert rows(match_problem(problem), claims, seats) == rows(
        match_problem(turned), turned_claims, turned_seats
    )


def test_nothing_of_the_input_is_changed_and_read_only_arrays_are_taken() -> None:
    _, _, problem = read(*random_round("mixed", 1, persons=200, lines=10))
    before = [array.copy() for array in arrays(problem)]
    expected = match_problem(problem)
    for array in arrays(problem):
        array.setflags(write=False)
    again = match_problem(problem)
    assert all(map(np.array_equal, before, arrays(problem)))
    assert np.array_equal(expected.choice, again.choice)


def arrays(problem: object) -> list[np.ndarray]:
    found = [getattr(problem, name) for name in type(problem).__slots__]
    return [array for array in found if array is not None]
