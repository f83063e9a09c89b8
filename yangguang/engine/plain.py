"""The loop for the plain case: one bucket for a choice, the key decides, no seat moves."""

import numpy as np

from yangguang.engine.compiled import compiled
from yangguang.engine.heaps import order, sink
from yangguang.engine.problem import NOBODY, Ints, Shorts


@compiled
def settle_plain(
    first: Ints, asks: Shorts, key: Ints, room: Shorts, start: Ints, held: Shorts
) -> tuple[Ints, Shorts]:
    """Let everybody ask until nobody asks any more.

    A bucket is an unordered list until it is full. From then on `bar`, the key of its last one, turns most wishes
    away without a look at the heap.

    Args:
        asks: 2 × bucket, plus 1 on a person's last choice; bucket B stands for "nowhere".
        start: where the stretch of a bucket begins; it is as long as the bucket can ever need.
        held: all zero; afterwards persons admitted.
    Returns:
        keys and slots of the admitted, in the stretches.
    """
    buckets = len(room)
    keys = np.empty(start[buckets], np.int64)
    slots = np.empty(start[buckets], np.int32)
    bar = np.full(buckets + 1, NOBODY, np.int64)
    bar[buckets] = -1
    for b in range(buckets):
        if room[b] == 0:
            bar[b] = -1
    for i in range(len(first) - 1):
        slot = first[i]
        if slot == first[i + 1]:
            continue
        while True:
            ask = asks[slot]
            b = ask >> 1
            if key[slot] >= bar[b]:
                if ask & 1:
                    break
                slot += 1
                continue
            base = start[b]
            if held[b] == room[b]:
                gone = slots[base]
                sink(keys, slots, base, held[b], 0, key[slot], slot)
                bar[b] = keys[base]
                if asks[gone] & 1:
                    break
                slot = np.int64(gone) + 1
                continue
            keys[base + held[b]] = key[slot]
            slots[base + held[b]] = slot
            held[b] += 1
            if held[b] == room[b]:
                order(keys, slots, base, held[b])
                bar[b] = keys[base]
            break
    return keys, slots
