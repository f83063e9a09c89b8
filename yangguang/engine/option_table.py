"""One word for every wish, so that the loops look up one place; and the result read back from the same words."""

import numpy as np

from yangguang.engine.jit import jit
from yangguang.engine.problem import Ints, Shorts


@jit
def fill_options(asks: Shorts, first: Ints, way: Shorts, target: Shorts) -> bool:
    """Write `2 × target[way]`, plus 1 on the last choice of a person; −1 asks for the target after the last way.

    Returns:
        whether every way was one.
    """
    ways = len(target) - 1
    sound = True
    for slot in range(len(way)):
        mine = way[slot]
        if mine < -1 or mine >= ways:
            sound = False
            mine = -1
        asks[slot] = 2 * target[ways if mine < 0 else mine]
    for i in range(len(first) - 1):
        if first[i] < first[i + 1]:
            asks[first[i + 1] - 1] |= 1
    return sound


@jit
def count_demand(way: Shorts, steps_first: Shorts, steps: Shorts, buckets: int) -> Ints:
    """How many wishes are tried in each bucket: no bucket ever holds more."""
    ways = len(steps_first) - 1
    count = np.zeros(ways + 1, np.int64)
    for slot in range(len(way)):
        count[way[slot]] += 1  # −1 counts in the last place, which is nobody's.
    found = np.zeros(buckets, np.int64)
    for mine in range(ways):
        for step in range(steps_first[mine], steps_first[mine + 1]):
            found[steps[step]] += count[mine]
    return found


@jit
def mark_admitted(asks: Shorts, keys: Ints, slots: Shorts, start: Ints, held: Shorts) -> Ints:
    """Write into the word of every admitted wish its bucket, as −1 − bucket; gives each bucket's last slot."""
    last = np.full(len(held), -1, np.int64)
    for bucket in range(len(held)):
        worst = np.int64(-1)
        for at in range(start[bucket], start[bucket] + held[bucket]):
            asks[slots[at]] = -1 - bucket
            if keys[at] > worst:
                worst = keys[at]
                last[bucket] = slots[at]
    return last


@jit
def read_admitted(asks: Shorts, first: Ints, choice: Shorts, bucket: Shorts) -> None:
    """Find the marked wish of every person."""
    for i in range(len(choice)):
        choice[i] = -1
        bucket[i] = -1
        for slot in range(first[i], first[i + 1]):
            if asks[slot] < 0:
                choice[i] = slot - first[i]
                bucket[i] = -1 - asks[slot]
                break
