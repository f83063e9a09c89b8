"""The loop for the plain case: one bucket for a choice, the key decides, no seat moves."""

import numpy as np

from yangguang.engine.heaps import order, sink
from yangguang.engine.jit import jit
from yangguang.engine.problem import NO_CUTOFF, Ints, Shorts

BATCH = 2048


@jit
def match_simple(
    first: Ints, asks: Shorts, key: Ints, room: Shorts, start: Ints, held: Shorts, keys: Ints, slots: Shorts
) -> None:
    """Let everybody ask until nobody asks any more.

    A bucket is an unordered list until it is full. From then on `bar`, the key of its last one, turns most wishes
    away without a look at the heap. Who is turned away later waits on a stack, and many are taken from it at once:
    what they ask for lies anywhere in memory, and the processor fetches it for all of them at the same time. The
    order of asking changes nothing.

    Args:
        asks: 2 × bucket, plus 1 on a person's last choice; bucket B stands for "nowhere".
        start: where the stretch of a bucket begins; it is as long as the bucket can ever need.
        held: all zero; afterwards persons admitted.
        keys, slots: room for all stretches; afterwards the admitted.
    """
    buckets, persons = len(room), len(first) - 1
    bar = np.full(buckets + 1, NO_CUTOFF, np.int64)
    bar[buckets] = -1
    for b in range(buckets):
        if room[b] == 0:
            bar[b] = -1
    away = np.empty(persons, np.int32)
    batch, batch_asks, batch_keys = (
        np.empty(BATCH, np.int64),
        np.empty(BATCH, np.int32),
        np.empty(BATCH, np.int64),
    )
    i = waiting = 0
    while i < persons or waiting > 0:
        count = 0
        while i < persons and count < BATCH:
            if first[i] < first[i + 1]:
                batch[count] = first[i]
                count += 1
            i += 1
        if count == 0:
            taken = min(waiting, BATCH)
            waiting -= taken
            for j in range(waiting, waiting + taken):
                batch[count] = away[j] + 1
                count += 1 - (asks[away[j]] & 1)
        for j in range(count):
            batch_asks[j] = asks[batch[j]]
            batch_keys[j] = key[batch[j]]
        for j in range(count):
            slot, ask, mine = batch[j], batch_asks[j], batch_keys[j]
            while mine >= bar[ask >> 1] and not ask & 1:
                slot += 1
                ask, mine = asks[slot], key[slot]
            b = ask >> 1
            if mine >= bar[b]:
                continue
            base = start[b]
            if held[b] == room[b]:
                away[waiting] = slots[base]
                waiting += 1
                sink(keys, slots, base, held[b], 0, mine, slot)
                bar[b] = keys[base]
                continue
            keys[base + held[b]] = mine
            slots[base + held[b]] = slot
            held[b] += 1
            if held[b] == room[b]:
                order(keys, slots, base, held[b])
                bar[b] = keys[base]
