"""Places at the programmes from scores and draws: the fast twin of `rules.runs.ranking`.

All choices are sorted once, whatever their programme; one pass in that order then counts the places of each.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from yangguang.engine.jit import jit
from yangguang.engine.problem import Bits, Ints, Shorts

LIMIT = 1 << 62
Column = npt.NDArray[np.integer]


class EqualRank(ValueError):
    """Two choices for one programme that neither score nor draw puts in order.

    Args:
        programme: number of the programme, as in `rank`.
        one, other: their slots, the smaller first.
    """

    def __init__(self, programme: int, one: int, other: int) -> None:
        super().__init__(f"programme {programme}: slots {one} and {other} have the same score and draw")
        self.programme, self.one, self.other = programme, one, other


@dataclass(frozen=True, slots=True)
class Ranks:
    """Places from 1 within the programme, 0 for choices that take no part; `group` is shared by equal scores."""

    place: Ints
    group: Ints


def rank(
    programme: Shorts,
    taking_part: Bits,
    scores: Sequence[npt.NDArray[np.integer]],
    draw: npt.NDArray[np.integer],
    by_lottery: Bits,
) -> Ranks:
    """Number the choices of every programme from the best: score first, then draw. O(S log S).

    Args:
        programme: int32[S]; 0 … P−1.
        taking_part: bool[S]; choices that are barred, or have no quota, are given no place.
        scores: columns of integers [S], the total first, then the named subjects; higher is better.
        draw: integers [S], smaller first; `draw_order` makes them. Any constant where no lottery is admitted.
        by_lottery: bool[P]; whether a quota of the programme uses the lottery. The draw is then part of the place;
            elsewhere equal scores share one.
    Returns:
        what `Problem` takes as `key` and `group`.
    Raises:
        EqualRank: equal score and draw in a programme with a lottery; the first such pair of the lowest programme.
    """
    slots = np.flatnonzero(taking_part)
    score = _join([-column[slots].astype(np.int64) for column in scores], len(slots))
    drawn = _join([draw[slots].astype(np.int64)], len(slots))
    joined = _join([score, drawn], len(slots))
    place, group = np.zeros(len(programme), np.int64), np.zeros(len(programme), np.int64)
    columns = score, drawn, np.ascontiguousarray(programme), by_lottery, place, group
    twins = _number(slots, np.argsort(joined), *columns)
    if (twins >= 0).any():
        # Only the stable order, which takes longer, names the pair that the reference names.
        twins = _number(slots, np.argsort(joined, kind="stable"), *columns)
        wrong = int(np.flatnonzero(twins[:, 0] >= 0)[0])
        raise EqualRank(wrong, int(twins[wrong, 0]), int(twins[wrong, 1]))
    return Ranks(place, group)


def draw_order(digests: npt.NDArray[np.uint8]) -> Ints:
    """The order of the draws, as texts of hexadecimal digits or digests would sort; equal ones share a number.

    Args:
        digests: uint8[N, 32], SM3 of seed and number.
    Returns:
        int64[N], from 0, smaller first.
    """
    words = np.ascontiguousarray(digests).view(">u8").astype(np.uint64)
    order = np.argsort(words[:, 0])
    fresh = np.ones(len(words), bool)
    fresh[1:] = np.diff(words[order, 0]) > 0
    if not fresh.all():  # Eight bytes alike: an accident, or the same draw twice.
        order = np.lexsort(words.T[::-1])
        fresh[1:] = (words[order[1:]] != words[order[:-1]]).any(axis=1)
    numbers = np.empty(len(words), np.int64)
    numbers[order] = np.cumsum(fresh) - 1
    return numbers


def _join(columns: Sequence[Ints], length: int) -> Ints:
    """One number for each row, from 0, in the order of the columns; closed up where the range gets too wide."""
    joined, width = np.zeros(length, np.int64), 1
    if not length:
        return joined
    for column in columns:
        lowest, highest = int(column.min()), int(column.max())
        span = highest - lowest + 1
        if width * span >= LIMIT:
            joined = np.unique(joined, return_inverse=True)[1].reshape(-1)
            column = np.unique(column, return_inverse=True)[1].reshape(-1)
            lowest, span, width = 0, int(column.max()) + 1, int(joined.max()) + 1
        joined = joined * span + (column - lowest)
        width *= span
    return joined


@jit
def _number(
    slots: Ints, order: Ints, score: Ints, drawn: Ints, programme: Shorts, by_lottery: Bits, place: Ints, group: Ints
) -> Ints:
    """Walk along the order and count in every programme; gives the first two of each that neither separates."""
    programmes = len(by_lottery)
    twins = np.full((programmes, 2), -1, np.int64)
    count = np.zeros(programmes, np.int64)
    shared = np.zeros(programmes, np.int64)
    before = np.full(programmes, -1, np.int64)
    for at in order:
        here = programme[slots[at]]
        count[here] += 1
        last = before[here]
        if last < 0 or score[last] != score[at]:
            shared[here] = count[here]
        elif by_lottery[here] and drawn[last] == drawn[at] and twins[here, 0] < 0:
            twins[here, 0] = slots[last]
            twins[here, 1] = slots[at]
        before[here] = at
        group[slots[at]] = shared[here]
        place[slots[at]] = count[here] if by_lottery[here] else shared[here]
    return twins
