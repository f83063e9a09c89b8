"""The lottery behind equal scores: sealed before the window closes, opened after the run. (R3.07, T2.19)

The hash of the seed is public before anyone's choices are final, the seed itself after the run: no draw can be computed
before, and every draw afterwards. The seed is computed from the secret parts of two officers, so that neither of them
can choose the outcome.
"""

from collections.abc import Callable

from yangguang.rules.base.refusals import Refused

Hasher = Callable[[bytes], bytes]
"""Bytes to their 32-byte SM3 digest: `rules.audit.sm3.sm3`, or the fast one of the platform."""

SEED_BYTES = 32
"""A fixed length: SM3(seed ‖ number) can then be read in one way only."""


def joint_seed(a: bytes, b: bytes, hasher: Hasher) -> bytes:
    """The seed out of two people's secret parts of 32 bytes each: SM3(a ‖ b).

    Raises:
        Refused: when a part has another length, or both are the same.
    """
    _check_length(a)
    _check_length(b)
    if a == b:
        raise Refused("两人提交的抽签种子相同", why="两份种子必须各自随机产生", now="请两人分别重新生成后再提交")
    return hasher(a + b)


def commitment(seed: bytes, hasher: Hasher) -> str:
    """What is published before the window closes: SM3(seed), 64 hex digits.

    Raises:
        Refused: when the seed is not 32 bytes long.
    """
    _check_length(seed)
    return hasher(seed).hex()


def opens(seed: bytes, commitment: str, hasher: Hasher) -> bool:
    """Whether the seed displayed afterwards is the one that was promised."""
    return len(seed) == SEED_BYTES and hasher(seed).hex() == commitment.strip().lower()


def draw(seed: bytes, number: str, hasher: Hasher) -> str:
    """The lottery number of one application: SM3(seed ‖ number), 64 hex digits; the smaller goes first.

    Args:
        number: the application number as printed on the receipt; every other data of a person stays out.
    """
    return hasher(seed + number.encode()).hex()


def _check_length(seed: bytes) -> None:
    if len(seed) != SEED_BYTES:
        raise Refused(
            f"抽签种子应为{SEED_BYTES}字节，收到{len(seed)}字节",
            why="长度固定，任何人才能用同一方法复算",
            now="请重新生成种子",
        )
