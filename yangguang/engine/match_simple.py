"""The loop for the simple case: one quota a choice, the key decides, no seat moves."""

import numpy as np

from yangguang.engine.heaps import heapify, sink
from yangguang.engine.jit import jit
from yangguang.engine.problem import NO_CUTOFF, Ints, Shorts

BATCH = 2048


@jit
def match_simple(
    first: Ints, options: Shorts, key: Ints, capacity: Shorts, start: Ints, admitted: Shorts, keys: Ints, slots: Shorts
) -> None:
    """Process applications until no applicant is left.

    A quota is an unordered list until it is full. From then on `limit`, the key of its last admission, rejects most
    applications without access to the heap. Applicants who are rejected later wait on a stack and are processed in
    batches: their next choices lie anywhere in memory, and the processor fetches those of a batch at the same time.
    The order of applications does not change the result.

    Args:
        options: 2 × quota, plus 1 on an applicant's last choice; quota Q stands for "none".
        start: where the stretch of a quota begins; it is as long as the quota can ever need.
        admitted: all zero; afterwards the number of applicants admitted.
        keys, slots: space for all stretches; afterwards the admissions.
    """
    quotas, persons = len(capacity), len(first) - 1
    limit = np.full(quotas + 1, NO_CUTOFF, np.int64)
    limit[quotas] = -1
    for b in range(quotas):
        if capacity[b] == 0:
            limit[b] = -1
    rejected = np.empty(persons, np.int32)
    batch, batch_options, batch_keys = (np.empty(BATCH, np.int64), np.empty(BATCH, np.int32), np.empty(BATCH, np.int64))
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
                batch[count] = rejected[j] + 1
                count += 1 - (options[rejected[j]] & 1)
        for j in range(count):
            batch_options[j] = options[batch[j]]
            batch_keys[j] = key[batch[j]]
        for j in range(count):
            slot, option, own_key = batch[j], batch_options[j], batch_keys[j]
            while own_key >= limit[option >> 1] and not option & 1:
                slot += 1
                option, own_key = options[slot], key[slot]
            b = option >> 1
            if own_key >= limit[b]:
                continue
            base = start[b]
            if admitted[b] == capacity[b]:
                rejected[waiting] = slots[base]
                waiting += 1
                sink(keys, slots, base, admitted[b], 0, own_key, slot)
                limit[b] = keys[base]
                continue
            keys[base + admitted[b]] = own_key
            slots[base + admitted[b]] = slot
            admitted[b] += 1
            if admitted[b] == capacity[b]:
                heapify(keys, slots, base, admitted[b])
                limit[b] = keys[base]
