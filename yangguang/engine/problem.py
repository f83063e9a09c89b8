"""A ranked round as flat arrays, and its matching: `rules.runs.matching.Market` without one Python object a choice."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from yangguang.rules.runs.matching import NO_CUTOFF as NO_CUTOFF  # keys and groups are smaller than this

Ints = npt.NDArray[np.int64]
Shorts = npt.NDArray[np.int32]
Bits = npt.NDArray[np.bool_]


class Problem(NamedTuple):
    """N applicants with S choices (slots) in all, W quota paths, Q quotas.

    A quota path is the list of quotas for which a choice is considered, in order of priority.

    Args:
        first: int64[N+1]; the slots of applicant i are first[i] … first[i+1]−1, in order of choice. first[0] is 0,
            first[N] is S, S < 2³¹.
        path: int32[S]; the quota path of a choice, or −1 where it takes no part (barred, or eligible for no quota).
        key: int64[S]; smaller is better, 0 ≤ key < NO_CUTOFF. Two choices that are considered for one quota with
            lottery must differ; `ranking` refuses when they do not.
        group: int64[S] with one value for equal scores at a programme, smaller is better, in the order of `key`;
            None when ties wait in no quota.
        path_first: int32[W+1]; the quotas of path w are path_quotas[path_first[w]] … path_quotas[path_first[w+1]−1].
        path_quotas: int32[…]; numbers of quotas, by priority; no quota twice in a path.
        seats: int32[Q]; own seats after the cap. A quota with all that it may borrow stays below 2³¹.
        taker: int32[Q]; the quota that may use the unused seats, or −1.
        ties_wait: bool[Q]; whether a tied group that does not fit is rejected as a whole. False: the key decides.
    """

    first: Ints
    path: Shorts
    key: Ints
    group: Ints | None
    path_first: Shorts
    path_quotas: Shorts
    seats: Shorts
    taker: Shorts
    ties_wait: Bits

    @property
    def is_simple(self) -> bool:
        """Whether every choice is considered for one quota at most, no ties wait and no seat moves."""
        several = len(self.path_first) > 1 and int(np.diff(self.path_first).max()) > 1
        return not several and not self.ties_wait.any() and not (self.taker >= 0).any()


class Matching(NamedTuple):
    """The end of a matching.

    Args:
        choice: int32[N]; which choice was admitted, from 0, or −1.
        quota: int32[N]; the quota of it, or −1.
        capacity: int32[Q]; own seats and those borrowed.
        lent: int32[Q]; unused seats that `taker` uses; the final seats are capacity − lent.
        cutoff: int64[Q]; best tied group that was rejected, NO_CUTOFF when there is none or a lottery decides.
        admitted: int32[Q]; number of applicants admitted.
        last: int64[Q]; slot of the last one admitted (by `key`), −1 when there is none.
    """

    choice: Shorts
    quota: Shorts
    capacity: Shorts
    lent: Shorts
    cutoff: Ints
    admitted: Shorts
    last: Ints

    @property
    def final_seats(self) -> Shorts:
        """int32[Q]; own seats without those lent, and with those borrowed."""
        return self.capacity - self.lent
