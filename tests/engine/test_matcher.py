"""The fast engine against the published reference, to the last row: admissions, seats, cutoffs."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.columns import list_choices, quota_ends, quota_ends_of, read
from tests.engine.rounds import random_round
from tests.rules.oracle import instances
from yangguang.engine.matcher import match_problem
from yangguang.rules.plans.quotas import ProgrammeSeats, Tie
from yangguang.rules.runs.matching_types import Applicant

Instance = tuple[list[Applicant], list[ProgrammeSeats]]


def compare(applicants: Sequence[Applicant], programmes: Sequence[ProgrammeSeats]) -> None:
    """Everything the reference knows about the end of a matching, from both engines."""
    market, problem = read(applicants, programmes)

    market.run()
    matching = match_problem(problem)

    assert matching.choice.tolist() == list_choices(market).tolist()
    codes = [quota.code for programme in market.programmes for quota in programme.quotas]
    admitted = {i: codes[q] for i, q in enumerate(matching.quota.tolist()) if q >= 0}
    assert admitted == {i: code for i, (_, code) in market.admissions().items()}
    assert quota_ends(matching, problem) == quota_ends_of(market)


@given(instances(people=9, count=4))
@settings(max_examples=600)
def test_both_engines_say_the_same_about_every_small_round(instance: Instance) -> None:
    compare(*instance)


@given(instances((Tie.LOTTERY,), people=9, count=4))
@settings(max_examples=300)
def test_both_engines_say_the_same_where_the_lottery_decides(instance: Instance) -> None:
    compare(*instance)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", ["plain", "quotas", "waiting", "mixed"])
def test_both_engines_say_the_same_about_larger_rounds(kind: str, seed: int) -> None:
    compare(*random_round(kind, seed, persons=1500, programmes=40))


def test_only_the_order_of_keys_and_groups_counts() -> None:
    _, problem = read(*random_round("mixed", 2, persons=600, programmes=12))

    assert problem.group is not None
    spread = problem._replace(key=problem.key * 1000 + problem.group, group=problem.group * 3 + 5)

    expected, actual = match_problem(problem), match_problem(spread)

    assert actual.choice.tolist() == expected.choice.tolist()
    assert actual.quota.tolist() == expected.quota.tolist()
    assert actual.admitted.tolist() == expected.admitted.tolist()


@given(st.integers(0, 5), st.sampled_from(["plain", "mixed"]))
@settings(max_examples=12)
def test_the_order_of_the_applicants_does_not_matter(seed: int, kind: str) -> None:
    applicants, programmes = random_round(kind, seed, persons=300, programmes=12)
    _, problem = read(applicants, programmes)
    _, reversed_problem = read(applicants[::-1], programmes)

    expected, actual = match_problem(problem), match_problem(reversed_problem)

    assert actual.choice[::-1].tolist() == expected.choice.tolist()
    assert actual.admitted.tolist() == expected.admitted.tolist()


def test_nothing_of_the_input_is_changed_and_read_only_arrays_are_taken() -> None:
    _, problem = read(*random_round("mixed", 1, persons=200, programmes=10))
    before = [array.copy() for array in arrays(problem)]
    expected = match_problem(problem)
    for array in arrays(problem):
        array.setflags(write=False)

    again = match_problem(problem)

    assert all(map(np.array_equal, before, arrays(problem)))
    assert np.array_equal(expected.choice, again.choice)


def arrays(problem: object) -> list[np.ndarray]:
    return [array for array in problem if array is not None]
