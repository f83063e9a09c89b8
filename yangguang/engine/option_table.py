"""One number a choice for the loops, so that they access one place; the result is read back from the same table."""

import numpy as np

from yangguang.engine.jit import jit
from yangguang.engine.problem import Ints, Shorts


@jit
def fill_options(options: Shorts, first: Ints, path: Shorts, target: Shorts) -> bool:
    """Write `2 × target[path]`, plus 1 on the last choice of an applicant; −1 is the target after the last path.

    Returns:
        whether every path exists.
    """
    paths = len(target) - 1
    sound = True
    for slot in range(len(path)):
        own = path[slot]
        if own < -1 or own >= paths:
            sound = False
            own = -1
        options[slot] = 2 * target[paths if own < 0 else own]
    for i in range(len(first) - 1):
        if first[i] < first[i + 1]:
            options[first[i + 1] - 1] |= 1
    return sound


@jit
def count_demand(path: Shorts, path_first: Shorts, path_quotas: Shorts, quotas: int) -> Ints:
    """int64[Q]; how many choices are considered for each quota, so that it never holds more."""
    paths = len(path_first) - 1
    count = np.zeros(paths + 1, np.int64)
    for slot in range(len(path)):
        count[path[slot]] += 1  # −1 counts in the last place, which no path uses.
    demand = np.zeros(quotas, np.int64)
    for number in range(paths):
        for step in range(path_first[number], path_first[number + 1]):
            demand[path_quotas[step]] += count[number]
    return demand


@jit
def mark_admitted(options: Shorts, keys: Ints, slots: Shorts, start: Ints, admitted: Shorts) -> Ints:
    """Mark every admitted choice with −1 − quota; returns the last slot of each quota."""
    last = np.full(len(admitted), -1, np.int64)
    for quota in range(len(admitted)):
        worst = np.int64(-1)
        for at in range(start[quota], start[quota] + admitted[quota]):
            options[slots[at]] = -1 - quota
            if keys[at] > worst:
                worst = keys[at]
                last[quota] = slots[at]
    return last


@jit
def read_admitted(options: Shorts, first: Ints, choice: Shorts, quota: Shorts) -> None:
    """Find the marked choice of every applicant."""
    for i in range(len(choice)):
        choice[i] = -1
        quota[i] = -1
        for slot in range(first[i], first[i + 1]):
            if options[slot] < 0:
                choice[i] = slot - first[i]
                quota[i] = -1 - options[slot]
                break
