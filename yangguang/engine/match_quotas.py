"""The loop for buckets in order, groups that wait, and lent seats that go home: `rules.runs.matching._Run` on arrays."""

import numpy as np

from yangguang.engine.heaps import order, pop, push, sink
from yangguang.engine.jit import jit
from yangguang.engine.match_simple import BATCH
from yangguang.engine.problem import Bits, Ints, Shorts


@jit
def close(keys: Ints, slots: Shorts, base: int, size: int, heaped: Bits, b: int) -> int:
    """A bucket that is full keeps its last one on top; gives the key from which on everybody is turned away."""
    if not heaped[b]:
        order(keys, slots, base, size)
        heaped[b] = True
    return keys[base] if size > 0 else -1


@jit
def turn_away(
    keys: Ints, slots: Shorts, base: int, size: int, b: int, group: Ints, tied: bool, away: Ints, count: int
) -> int:
    """The bucket holds one more than its room: the last one goes, or the whole last tied group.

    Args:
        away: the stack of those who have to ask on, `count` high: bucket they come from, slot.
    Returns:
        how many went.
    """
    gone = pop(keys, slots, base, size)
    away[count, 0], away[count, 1] = b, gone
    went = 1
    while tied and went < size and group[slots[base]] == group[gone]:
        away[count + went, 0], away[count + went, 1] = b, pop(keys, slots, base, size - went)
        went += 1
    return went


@jit
def match_quotas(
    first: Ints,
    asks: Shorts,
    key: Ints,
    group: Ints,
    steps: Shorts,
    own: Shorts,
    taker: Shorts,
    all_wait: Bits,
    room: Shorts,
    start: Ints,
    held: Shorts,
    reached: Shorts,
    bar: Ints,
    keys: Ints,
    slots: Shorts,
) -> None:
    """Let everybody ask until nobody asks any more; in batches, for the reason given in `plain`.

    Args:
        asks: 2 × where the way begins in `steps`, plus 1 on a person's last choice.
        steps: the buckets of the ways, each way closed by −1.
        group: equal scores; not looked at where nobody waits, and may then be `key`.
        room: own seats and all that may be borrowed; shrinks as lent seats go home.
        start: where the stretch of a bucket begins; one longer than the bucket can ever need.
        held, reached: all zero; `bar` all NOBODY; afterwards as in `Settled`, `bar` as its `cut` where groups wait.
        keys, slots: room for all stretches; afterwards the admitted.
    """
    persons, buckets = len(first) - 1, len(own)
    heaped = np.zeros(buckets, np.bool_)
    away = np.empty((persons + 1, 2), np.int64)
    batch, batch_steps, batch_keys = (
        np.empty(BATCH, np.int64),
        np.empty(BATCH, np.int64),
        np.empty(BATCH, np.int64),
    )
    for b in range(buckets):
        if room[b] == 0 and not all_wait[b]:
            bar[b] = -1
    i = waiting = 0
    while i < persons or waiting > 0:
        count = 0
        while i < persons and count < BATCH:
            if first[i] < first[i + 1]:
                batch[count] = first[i]
                batch_steps[count] = asks[first[i]] >> 1
                count += 1
            i += 1
        if count == 0:
            count = min(waiting, BATCH)
            waiting -= count
            for j in range(count):
                batch[j] = away[waiting + j, 1]
                batch_steps[j] = asks[batch[j]] >> 1
            for j in range(count):
                while steps[batch_steps[j]] != away[waiting + j, 0]:
                    batch_steps[j] += 1
                batch_steps[j] += 1
        for j in range(count):
            batch_keys[j] = key[batch[j]]
        for j in range(count):
            slot, step, mine = batch[j], batch_steps[j], batch_keys[j]
            b = int(steps[step])
            while b < 0 or (group[slot] if all_wait[b] else mine) >= bar[b]:
                if b >= 0:
                    step += 1
                elif asks[slot] & 1:
                    break
                else:
                    slot += 1
                    step, mine = np.int64(asks[slot] >> 1), key[slot]
                b = int(steps[step])
            if b < 0:
                continue
            base = start[b]
            if held[b] == room[b]:
                if not all_wait[b]:
                    away[waiting, 0], away[waiting, 1] = b, slots[base]
                    waiting += 1
                    sink(keys, slots, base, held[b], 0, mine, slot)
                    bar[b] = keys[base]
                    continue
                close(keys, slots, base, held[b], heaped, b)
                push(keys, slots, base, held[b], mine, slot)
                went = turn_away(keys, slots, base, held[b] + 1, b, group, True, away, waiting)
                bar[b] = group[away[waiting, 1]]
                held[b] += 1 - went
                waiting += went
                continue
            if heaped[b]:
                push(keys, slots, base, held[b], mine, slot)
            else:
                keys[base + held[b]] = mine
                slots[base + held[b]] = slot
            held[b] += 1
            if held[b] == room[b] and not all_wait[b]:
                bar[b] = close(keys, slots, base, held[b], heaped, b)
            if reached[b] == own[b]:
                continue
            # Somebody came for a seat of the bucket's own; where it was lent, it is missing from now on.
            reached[b] += 1
            t = taker[b]
            if t < 0:
                continue
            room[t] -= 1
            if held[t] > room[t]:
                close(keys, slots, start[t], held[t], heaped, t)
                went = turn_away(keys, slots, start[t], held[t], t, group, all_wait[t], away, waiting)
                if all_wait[t]:
                    bar[t] = group[away[waiting, 1]]
                held[t] -= went
                waiting += went
            if held[t] == room[t] and not all_wait[t]:
                bar[t] = close(keys, slots, start[t], held[t], heaped, t)
