"""The loop for buckets in order, groups that wait, and lent seats that go home: `rules.matching._Run` on arrays."""

import numpy as np

from yangguang.engine.compiled import compiled
from yangguang.engine.heaps import order, pop, push, sink
from yangguang.engine.problem import Bits, Ints, Shorts


@compiled
def close(keys: Ints, slots: Shorts, base: int, size: int, heaped: Bits, b: int) -> int:
    """A bucket that is full keeps its last one on top; gives the key from which on everybody is turned away."""
    if not heaped[b]:
        order(keys, slots, base, size)
        heaped[b] = True
    return keys[base] if size > 0 else -1


@compiled
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


@compiled
def settle_general(
    first: Ints,
    asks: Shorts,
    key: Ints,
    group: Ints,
    steps_first: Shorts,
    steps: Shorts,
    own: Shorts,
    taker: Shorts,
    all_wait: Bits,
    room: Shorts,
    start: Ints,
    held: Shorts,
    reached: Shorts,
    bar: Ints,
) -> tuple[Ints, Shorts]:
    """Let everybody ask until nobody asks any more.

    Args:
        asks: 2 × way, plus 1 on a person's last choice; the way after the last has no buckets.
        group: equal scores; not looked at where nobody waits, and may then be `key`.
        room: own seats and all that may be borrowed; shrinks as lent seats go home.
        start: where the stretch of a bucket begins; one longer than the bucket can ever need.
        held, reached: all zero; `bar` all NOBODY; afterwards as in `Settled`, `bar` as its `cut` where groups wait.
    Returns:
        keys and slots of the admitted, in the stretches.
    """
    buckets = len(own)
    keys = np.empty(start[buckets], np.int64)
    slots = np.empty(start[buckets], np.int32)
    heaped = np.zeros(buckets, np.bool_)
    away = np.empty((len(first), 2), np.int64)
    for b in range(buckets):
        if room[b] == 0 and not all_wait[b]:
            bar[b] = -1
    for i in range(len(first) - 1):
        if first[i] == first[i + 1]:
            continue
        slot = int(first[i])
        step = int(steps_first[asks[slot] >> 1])
        waiting = 0
        while True:
            ask = asks[slot]
            if step == steps_first[(ask >> 1) + 1]:
                if not ask & 1:
                    slot += 1
                    step = int(steps_first[asks[slot] >> 1])
                    continue
            else:
                b = int(steps[step])
                mine = group[slot] if all_wait[b] else key[slot]
                if mine >= bar[b]:
                    step += 1
                    continue
                base = start[b]
                if held[b] < room[b]:
                    if heaped[b]:
                        push(keys, slots, base, held[b], key[slot], slot)
                    else:
                        keys[base + held[b]] = key[slot]
                        slots[base + held[b]] = slot
                    held[b] += 1
                    if held[b] == room[b] and not all_wait[b]:
                        bar[b] = close(keys, slots, base, held[b], heaped, b)
                    if reached[b] < own[b]:
                        reached[b] += 1
                        t = taker[b]
                        if t >= 0:
                            room[t] -= 1
                            if held[t] > room[t]:
                                close(keys, slots, start[t], held[t], heaped, t)
                                went = turn_away(
                                    keys, slots, start[t], held[t], t, group, all_wait[t], away, waiting
                                )
                                if all_wait[t]:
                                    bar[t] = group[away[waiting, 1]]
                                held[t] -= went
                                waiting += went
                            if held[t] == room[t] and not all_wait[t]:
                                bar[t] = close(keys, slots, start[t], held[t], heaped, t)
                elif all_wait[b]:
                    close(keys, slots, base, held[b], heaped, b)
                    push(keys, slots, base, held[b], key[slot], slot)
                    went = turn_away(keys, slots, base, held[b] + 1, b, group, True, away, waiting)
                    bar[b] = group[away[waiting, 1]]
                    held[b] += 1 - went
                    waiting += went
                else:
                    gone = slots[base]
                    sink(keys, slots, base, held[b], 0, key[slot], slot)
                    bar[b] = keys[base]
                    away[waiting, 0], away[waiting, 1] = b, gone
                    waiting += 1
            if waiting == 0:
                break
            waiting -= 1
            slot = int(away[waiting, 1])
            step = int(steps_first[asks[slot] >> 1])
            while steps[step] != away[waiting, 0]:
                step += 1
            step += 1
    return keys, slots
