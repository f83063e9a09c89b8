"""The loop for the general case: quotas by priority, ties that wait, and lent seats that return."""

import numpy as np

from yangguang.engine.heaps import heapify, pop, push, sink
from yangguang.engine.jit import jit
from yangguang.engine.match_simple import BATCH
from yangguang.engine.problem import Bits, Ints, Shorts


@jit
def make_heap(keys: Ints, slots: Shorts, base: int, size: int, heaped: Bits, b: int) -> int:
    """Turn a full quota into a heap with its last admission on top; returns the key from which on it rejects."""
    if not heaped[b]:
        heapify(keys, slots, base, size)
        heaped[b] = True
    return keys[base] if size > 0 else -1


@jit
def reject_last(
    keys: Ints, slots: Shorts, base: int, size: int, b: int, group: Ints, tied: np.bool_, rejected: Ints, count: int
) -> int:
    """Reject the last admission of a quota that is one over its capacity, or its whole last tied group.

    Args:
        tied: whether ties wait in this quota.
        rejected: stack of (quota, slot) of the rejected, `count` high.
    Returns:
        how many were rejected.
    """
    gone = pop(keys, slots, base, size)
    rejected[count, 0], rejected[count, 1] = b, gone
    went = 1
    while tied and went < size and group[slots[base]] == group[gone]:
        rejected[count + went, 0], rejected[count + went, 1] = b, pop(keys, slots, base, size - went)
        went += 1
    return went


@jit
def match_quotas(
    first: Ints,
    options: Shorts,
    key: Ints,
    group: Ints,
    path_quotas: Shorts,
    seats: Shorts,
    taker: Shorts,
    ties_wait: Bits,
    capacity: Shorts,
    start: Ints,
    admitted: Shorts,
    reached: Shorts,
    limit: Ints,
    keys: Ints,
    slots: Shorts,
) -> None:
    """Process applications until no applicant is left; in batches, for the reason given in `match_simple`.

    Args:
        options: 2 × where the path begins in `path_quotas`, plus 1 on an applicant's last choice.
        path_quotas: the quotas of the paths, each path followed by −1.
        group: equal scores; not used where no ties wait, and may then be `key`.
        capacity: own seats and all that may be borrowed; shrinks as lent seats return.
        start: where the stretch of a quota begins; one longer than the quota can ever need.
        admitted, reached: all zero; afterwards the number of admissions, and of applicants who ever reached the
            quota, counted up to `seats`.
        limit: all NO_CUTOFF; afterwards as `Matching.cutoff` where ties wait.
        keys, slots: space for all stretches; afterwards the admissions.
    """
    persons, quotas = len(first) - 1, len(seats)
    heaped = np.zeros(quotas, np.bool_)
    rejected = np.empty((persons + 1, 2), np.int64)
    batch, batch_steps, batch_keys = (np.empty(BATCH, np.int64), np.empty(BATCH, np.int64), np.empty(BATCH, np.int64))
    for b in range(quotas):
        if capacity[b] == 0 and not ties_wait[b]:
            limit[b] = -1
    i = waiting = 0
    while i < persons or waiting > 0:
        count = 0
        while i < persons and count < BATCH:
            if first[i] < first[i + 1]:
                batch[count] = first[i]
                batch_steps[count] = options[first[i]] >> 1
                count += 1
            i += 1
        if count == 0:
            count = min(waiting, BATCH)
            waiting -= count
            for j in range(count):
                batch[j] = rejected[waiting + j, 1]
                batch_steps[j] = options[batch[j]] >> 1
            for j in range(count):
                while path_quotas[batch_steps[j]] != rejected[waiting + j, 0]:
                    batch_steps[j] += 1
                batch_steps[j] += 1
        for j in range(count):
            batch_keys[j] = key[batch[j]]
        for j in range(count):
            slot, step, own_key = batch[j], batch_steps[j], batch_keys[j]
            b = int(path_quotas[step])
            while b < 0 or (group[slot] if ties_wait[b] else own_key) >= limit[b]:
                if b >= 0:
                    step += 1
                elif options[slot] & 1:
                    break
                else:
                    slot += 1
                    step, own_key = np.int64(options[slot] >> 1), key[slot]
                b = int(path_quotas[step])
            if b < 0:
                continue
            base = start[b]
            if admitted[b] == capacity[b]:
                if not ties_wait[b]:
                    rejected[waiting, 0], rejected[waiting, 1] = b, slots[base]
                    waiting += 1
                    sink(keys, slots, base, admitted[b], 0, own_key, slot)
                    limit[b] = keys[base]
                    continue
                make_heap(keys, slots, base, admitted[b], heaped, b)
                push(keys, slots, base, admitted[b], own_key, slot)
                went = reject_last(keys, slots, base, admitted[b] + 1, b, group, ties_wait[b], rejected, waiting)
                limit[b] = group[rejected[waiting, 1]]
                admitted[b] += 1 - went
                waiting += went
                continue
            if heaped[b]:
                push(keys, slots, base, admitted[b], own_key, slot)
            else:
                keys[base + admitted[b]] = own_key
                slots[base + admitted[b]] = slot
            admitted[b] += 1
            if admitted[b] == capacity[b] and not ties_wait[b]:
                limit[b] = make_heap(keys, slots, base, admitted[b], heaped, b)
            if reached[b] == seats[b]:
                continue
            # The applicant reached an own seat of the quota; if it was lent, it returns now.
            reached[b] += 1
            t = taker[b]
            if t < 0:
                continue
            capacity[t] -= 1
            if admitted[t] > capacity[t]:
                make_heap(keys, slots, start[t], admitted[t], heaped, t)
                went = reject_last(keys, slots, start[t], admitted[t], t, group, ties_wait[t], rejected, waiting)
                if ties_wait[t]:
                    limit[t] = group[rejected[waiting, 1]]
                admitted[t] -= went
                waiting += went
            if admitted[t] == capacity[t] and not ties_wait[t]:
                limit[t] = make_heap(keys, slots, start[t], admitted[t], heaped, t)
