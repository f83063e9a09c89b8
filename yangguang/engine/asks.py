"""One word for every wish, so that the loops look up one place; and the result read back from the same words."""

import numpy as np

from yangguang.engine.compiled import compiled
from yangguang.engine.problem import Ints, Shorts


@compiled
def asks_of(first: Ints, way: Shorts, none: int) -> Shorts:
    """`2 × way`, plus 1 on the last choice of a person; wishes that take no part ask in the way `none`."""
    asks = np.empty(len(way), np.int32)
    for slot in range(len(way)):
        asks[slot] = 2 * (none if way[slot] < 0 else way[slot])
    for i in range(len(first) - 1):
        if first[i] < first[i + 1]:
            asks[first[i + 1] - 1] |= 1
    return asks


@compiled
def into_buckets(asks: Shorts, steps_first: Shorts, steps: Shorts, nowhere: int) -> None:
    """Where no way has more than one bucket: name the bucket instead of the way, `nowhere` for none."""
    ways = len(steps_first) - 1
    target = np.full(ways + 1, nowhere, np.int32)
    for way in range(ways):
        if steps_first[way] < steps_first[way + 1]:
            target[way] = steps[steps_first[way]]
    for slot in range(len(asks)):
        asks[slot] = 2 * target[asks[slot] >> 1] | (asks[slot] & 1)


@compiled
def wanted(asks: Shorts, steps_first: Shorts, steps: Shorts, buckets: int) -> Ints:
    """How many wishes are tried in each bucket: no bucket ever holds more."""
    ways = len(steps_first) - 1
    count = np.zeros(ways + 1, np.int64)
    for slot in range(len(asks)):
        count[asks[slot] >> 1] += 1
    found = np.zeros(buckets, np.int64)
    for way in range(ways):
        for step in range(steps_first[way], steps_first[way + 1]):
            found[steps[step]] += count[way]
    return found


@compiled
def mark(asks: Shorts, keys: Ints, slots: Shorts, start: Ints, held: Shorts) -> Ints:
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


@compiled
def read(asks: Shorts, first: Ints, choice: Shorts, bucket: Shorts) -> None:
    """Find the marked wish of every person."""
    for i in range(len(choice)):
        choice[i] = -1
        bucket[i] = -1
        for slot in range(first[i], first[i + 1]):
            if asks[slot] < 0:
                choice[i] = slot - first[i]
                bucket[i] = -1 - asks[slot]
                break
