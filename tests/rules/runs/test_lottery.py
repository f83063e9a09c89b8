"""The lottery opens what it promised, and no one can change a draw."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.rules.audit.sm3 import sm3
from yangguang.rules.base.refusals import Refused
from yangguang.rules.runs.lottery import SEED_BYTES, commitment, draw, joint_seed, opens

SEEDS = st.binary(min_size=SEED_BYTES, max_size=SEED_BYTES)
A, B = bytes(range(32)), bytes(range(1, 33))


@given(SEEDS, SEEDS)
def test_a_commitment_is_opened_by_its_own_seed_only(seed: bytes, other: bytes) -> None:
    assert opens(seed, commitment(seed, sm3), sm3)
    assert opens(other, commitment(seed, sm3), sm3) is (seed == other)


def test_an_upper_case_printout_of_the_commitment_is_the_same_promise() -> None:
    assert opens(A, f" {commitment(A, sm3).upper()}\n", sm3)


def test_a_draw_is_the_hash_of_seed_and_number() -> None:
    assert draw(A, "410100202400001", sm3) == sm3(A + b"410100202400001").hex()


def test_neighbouring_numbers_have_unrelated_draws() -> None:
    draws = [draw(A, str(number), sm3) for number in range(50)]

    assert len(set(draws)) == 50
    assert draws != sorted(draws)


def test_the_joint_seed_needs_both_parts_in_their_order() -> None:
    assert joint_seed(A, B, sm3) == sm3(A + B)
    assert joint_seed(A, B, sm3) != joint_seed(B, A, sm3)


@pytest.mark.parametrize("part", [b"", b"\0" * 31, b"\0" * 33])
def test_a_part_of_another_length_is_refused(part: bytes) -> None:
    with pytest.raises(Refused, match=f"应为32字节，收到{len(part)}字节"):
        joint_seed(A, part, sm3)
    with pytest.raises(Refused, match="应为32字节"):
        commitment(part, sm3)

    assert not opens(part, sm3(part).hex(), sm3)


def test_two_people_with_the_same_part_are_refused() -> None:
    with pytest.raises(Refused, match="两人提交的抽签种子相同"):
        joint_seed(A, A, sm3)
