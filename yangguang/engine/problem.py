"""A ranked run as flat arrays, and what comes out of it; the columns of `rules.runs.rank_columns` without a Python object."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Shorts = npt.NDArray[np.int32]
Bits = npt.NDArray[np.bool_]

NO_CUTOFF = 1 << 62
"""A cut below everyone: no tied group has been turned away. Keys and groups are smaller than this."""


@dataclass(frozen=True, slots=True)
class Problem:
    """N applicants with S slots (wishes) in all, W ways, B buckets.

    Args:
        first: int64[N+1]; the slots of applicant i are first[i] … first[i+1]−1, in order of choice. first[0] is 0,
            first[N] is S, S < 2³¹.
        way: int32[S]; the way in which a choice is tried, an index of `steps_first`; −1 takes no part (barred, or
            no bucket is open to the person).
        key: int64[S]; smaller is better, 0 ≤ key < NO_CUTOFF. Two wishes that meet in a LOTTERY bucket must differ;
            `ranking` refuses when they do not.
        group: int64[S] with one value for equal scores of a line, smaller is better, in the order of `key`; None
            when no bucket lets a tied group wait.
        steps_first: int32[W+1]; the buckets of way w are steps[steps_first[w]] … steps[steps_first[w+1]−1].
        steps: int32[…]; numbers of buckets, in the order in which they are tried; no bucket twice in a way.
        own: int32[B]; seats after the cap. A bucket with what it may borrow stays below 2³¹.
        taker: int32[B]; the bucket that borrows the seats nobody came for, or −1.
        all_wait: bool[B]; whether the tied group at the edge waits as a whole. False: the key decides.
    """

    first: Ints
    way: Shorts
    key: Ints
    group: Ints | None
    steps_first: Shorts
    steps: Shorts
    own: Shorts
    taker: Shorts
    all_wait: Bits

    @property
    def is_plain(self) -> bool:
        """Whether every choice is tried in one bucket at most, no group waits and no seat moves."""
        several = len(self.steps_first) > 1 and int(np.diff(self.steps_first).max()) > 1
        return not several and not self.all_wait.any() and not (self.taker >= 0).any()


@dataclass(frozen=True, slots=True)
class Matching:
    """A run in which nobody asks any more.

    Args:
        choice: int32[N]; which choice was obtained, from 0, or −1.
        bucket: int32[N]; the bucket of it, or −1.
        room: int32[B]; what a bucket may hold, lent seats included. Its seats after the flow are
            `room − moved`, where `moved = own − reached` if it has a taker, else 0.
        reached: int32[B]; how many ever came, counted up to `own`.
        cut: int64[B]; best tied group that was turned away, NO_CUTOFF when there is none or the bucket uses the lottery.
        held: int32[B]; persons admitted.
        last: int64[B]; slot of the last one admitted (by `key`), −1 when nobody was.
    """

    choice: Shorts
    bucket: Shorts
    room: Shorts
    reached: Shorts
    cut: Ints
    held: Shorts
    last: Ints
