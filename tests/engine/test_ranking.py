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
from yangguang.rules.plans.quotas import ProgrammeSeats, Tie
from yangguang.rules.runs.matching_types import Applicant, Choice
from yangguang.rules.runs.ranking import build_market, sort_programmes

Instance = tuple[list[Applicant], list[ProgrammeSeats]]
WIDE = 1 << 61


def ranked(applicants: Sequence[Applicant], programmes: Sequence[ProgrammeSeats], factor: int = 1) -> Ranks:
    """`factor` spreads the scores out, which changes no place."""
    number = {one.programme: i for i, one in enumerate(programmes)}
    choices = [choice for _, own in applicants for choice in own]
    draws = sorted({choice.lottery for choice in choices})
    columns = len(choices[0].score) if choices else 0
    return rank(
        np.array([number[choice.programme] for choice in choices], np.int32),
        np.array([_takes_part(choice, programmes[number[choice.programme]]) for choice in choices], np.bool_),
        [np.array([choice.score[c] * factor for choice in choices], np.int64) for c in range(columns)],
        np.array([draws.index(choice.lottery) for choice in choices], np.int64),
        np.array([any(q.tie is Tie.LOTTERY for q in one.quotas) for one in programmes], np.bool_),
    )


def _takes_part(choice: Choice, programme: ProgrammeSeats) -> bool:
    return choice.barred is None and bool(programme.find_eligible(choice.quotas))


def _scale_score(choice: Choice, factor: int) -> Choice:
    return choice._replace(score=tuple(point * factor for point in choice.score))


def compare(applicants: Sequence[Applicant], programmes: Sequence[ProgrammeSeats], factor: int = 1) -> None:
    programmes = sort_programmes(programmes)
    market = build_market(applicants, programmes)

    ranks = ranked(applicants, programmes, factor)

    assert ranks.place.tolist() == list(market.place)
    assert ranks.group.tolist() == list(market.tie_group)


@given(instances(people=9, count=4), st.sampled_from([1, -3, WIDE]))
@settings(max_examples=300)
def test_places_equal_the_reference(instance: Instance, factor: int) -> None:
    applicants, programmes = instance
    if factor < 0:
        applicants = [
            Applicant(number, tuple(_scale_score(choice, factor) for choice in choices))
            for number, choices in applicants
        ]
    compare(applicants, programmes, max(1, factor))


@pytest.mark.parametrize("kind", ["plain", "waiting", "mixed"])
def test_places_equal_the_reference_in_a_larger_round(kind: str) -> None:
    compare(*random_round(kind, 3, persons=3000, programmes=30))


def test_scores_too_wide_for_one_number_are_closed_up() -> None:
    compare(*random_round("mixed", 4, persons=500, programmes=10), factor=(1 << 62) // 40)


@given(instances(people=6, count=2))
@settings(max_examples=200)
def test_equal_score_and_draw_stop_the_ranking_exactly_where_the_reference_stops(instance: Instance) -> None:
    applicants, programmes = instance
    applicants = [
        Applicant(number, tuple(choice._replace(lottery=choice.lottery[:-1]) for choice in choices))
        for number, choices in applicants
    ]
    programmes = sort_programmes(programmes)
    try:
        build_market(applicants, programmes)
    except Refused as refusal:
        sentence = str(refusal)
    else:
        compare(applicants, programmes)
        return

    with pytest.raises(EqualRank) as fault:
        ranked(applicants, programmes)

    owner = [number for number, choices in applicants for _ in choices]
    pair = "、".join(sorted((owner[fault.value.one], owner[fault.value.other])))
    programme = programmes[fault.value.programme].programme

    assert sentence.startswith(f"计划行{programme}的报名号{pair}分数")


def test_draws_sort_as_their_texts_do_and_equal_ones_share_a_number() -> None:
    digests = [hashlib.sha256(bytes([i])).digest() for i in range(200)]
    digests += [digests[7], bytes(32), bytes(31) + b"\1", b"\xff" * 32, digests[9][:24] + bytes(8)]
    order = sorted({digest.hex() for digest in digests})
    order_of_draws = draw_order(np.frombuffer(b"".join(digests), np.uint8).reshape(-1, 32))

    assert order_of_draws.tolist() == [order.index(digest.hex()) for digest in digests]


def test_no_applicant_at_all_is_no_fault() -> None:
    none, no_programme = np.zeros(0, np.int64), np.zeros(0, np.int32)

    assert rank(no_programme, np.zeros(0, bool), [none], none, np.zeros(2, bool)).place.tolist() == []
    assert draw_order(np.zeros((0, 32), np.uint8)).tolist() == []
