"""Student-proposing deferred acceptance on arrays: choose the loop, allocate its memory, read the result."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from yangguang.engine.match_quotas import match_quotas
from yangguang.engine.match_simple import match_simple
from yangguang.engine.option_table import count_demand, fill_options, mark_admitted, read_admitted
from yangguang.engine.problem import NO_CUTOFF, Ints, Matching, Problem, Shorts

T = TypeVar("T", bound=np.generic)


def match_problem(problem: Problem) -> Matching:
    """Place every applicant: O(S log S) for S slots; usually most slots are never looked at.

    The same result as `rules.runs.matching.Market.run`, to the last row.

    Args:
        problem: as described there; its arrays are not changed.
    Raises:
        ValueError: an array that does not have the type and length `Problem` describes.
    """
    _check(problem)
    first, path, key = _contiguous(problem.first), _contiguous(problem.path), _contiguous(problem.key)
    path_first, path_quotas = _contiguous(problem.path_first), _contiguous(problem.path_quotas)
    seats, taker, ties_wait = (_contiguous(problem.seats), _contiguous(problem.taker), _contiguous(problem.ties_wait))
    persons, quotas = len(first) - 1, len(seats)
    capacity = _with_loans(seats, taker)
    admitted, lent = np.zeros(quotas, np.int32), np.zeros(quotas, np.int32)
    cutoff = np.full(quotas, NO_CUTOFF, np.int64)
    target = _single_quotas(path_first, path_quotas, quotas) if problem.is_simple else _closed_starts(path_first)
    # Allocated here and not in the loops: numpy requests large pages from the system.
    options = np.empty(len(path), np.int32)
    if not fill_options(options, first, path, target):
        raise ValueError("path: not as Problem describes it")
    start = _allot(capacity, path, path_first, path_quotas)
    keys, slots = np.empty(start[-1], np.int64), np.empty(start[-1], np.int32)
    if problem.is_simple:
        match_simple(first, options, key, capacity, start, admitted, keys, slots)
    else:
        group = key if problem.group is None else _contiguous(problem.group)
        closed = np.insert(path_quotas, np.append(path_first[1:], len(path_quotas)), np.int32(-1))
        columns = first, options, key, group, closed, seats, taker, ties_wait
        reached = np.zeros(quotas, np.int32)
        match_quotas(*columns, capacity, start, admitted, reached, cutoff, keys, slots)
        cutoff[~ties_wait] = NO_CUTOFF
        lent = np.where(taker >= 0, seats - reached, 0).astype(np.int32)
    last = mark_admitted(options, keys, slots, start, admitted)
    choice, quota = np.empty(persons, np.int32), np.empty(persons, np.int32)
    read_admitted(options, first, choice, quota)
    return Matching(choice, quota, capacity, lent, cutoff, admitted, last)


def compile_loops() -> None:
    """Compile both loops, or load them from the cache."""
    one, none, border = np.zeros(1, np.int32), np.full(1, -1, np.int32), np.array([0, 1], np.int32)
    first, key, seats = np.array([0, 1]), np.zeros(1, np.int64), np.ones(1, np.int32)
    count_demand(one, border, one, 1)
    for waits in (False, True):
        group = key if waits else None
        match_problem(Problem(first, one, key, group, border, one, seats, none, np.full(1, waits)))


def _contiguous(array: npt.NDArray[T]) -> npt.NDArray[T]:
    """The array contiguous and writable, so that no second variant of a loop is compiled; copied only if needed."""
    return np.require(array, requirements=["C", "W"])


def _check(problem: Problem) -> None:
    """Raise ValueError unless types, lengths and indices are such that no loop leaves an array."""
    persons, slots, paths = len(problem.first) - 1, len(problem.path), len(problem.path_first) - 1
    quotas = len(problem.seats)
    types = {
        np.int64: ("first", "key", "group"),
        np.int32: ("path", "path_first", "path_quotas", "seats", "taker"),
        np.bool_: ("ties_wait",),
    }
    for dtype, name in ((dtype, name) for dtype, names in types.items() for name in names):
        array = getattr(problem, name)
        if array is not None and (array.ndim != 1 or array.dtype != dtype):
            raise ValueError(f"{name}: one dimension of {np.dtype(dtype)}, not {array.ndim} of {array.dtype}")
    first, borders, lengths = problem.first, problem.path_first, {len(problem.taker), len(problem.ties_wait)}
    group = problem.key if problem.group is None else problem.group
    faults = {
        "first": persons < 0 or first[0] != 0 or first[-1] != slots or bool((np.diff(first) < 0).any()),
        "path": slots >= 1 << 31,
        "key": len(problem.key) != slots or int(problem.key.min(initial=0)) < 0,
        "group": len(group) != slots or (problem.group is None and bool(problem.ties_wait.any())),
        "path_first": paths < 0
        or borders[0] != 0
        or borders[-1] != len(problem.path_quotas)
        or bool((np.diff(borders) < 0).any()),
        "path_quotas": bool(((problem.path_quotas < 0) | (problem.path_quotas >= quotas)).any()),
        "seats": lengths != {quotas} or bool((problem.seats < 0).any()),
        "taker": bool(((problem.taker < -1) | (problem.taker >= quotas)).any()),
    }
    if wrong := [name for name, fault in faults.items() if fault]:
        raise ValueError(f"{'、'.join(wrong)}: not as Problem describes it")


def _with_loans(seats: Shorts, taker: Shorts) -> Shorts:
    """int32[Q]; own seats and all that may be borrowed."""
    capacity = seats.astype(np.int64)
    np.add.at(capacity, taker[taker >= 0], seats[taker >= 0])
    if len(capacity) and capacity.max() >= 1 << 31:
        raise ValueError("seats: a quota with what it may borrow must stay below 2³¹ seats")
    return capacity.astype(np.int32)


def _single_quotas(path_first: Shorts, path_quotas: Shorts, nowhere: int) -> Shorts:
    """Where no path has more than one quota: the quota of each path; `nowhere` if it has none, and after the last."""
    target = np.full(len(path_first), nowhere, np.int32)
    target[:-1][np.diff(path_first) > 0] = path_quotas
    return target


def _closed_starts(path_first: Shorts) -> Shorts:
    """Where each path begins once all end with −1; the last entry is an empty path."""
    return (path_first + np.arange(len(path_first))).astype(np.int32)


def _allot(capacity: Shorts, path: Shorts, path_first: Shorts, path_quotas: Shorts) -> Ints:
    """int64[Q+1]; where the stretch of each quota begins: as long as its capacity or as its demand, if smaller."""
    longest = capacity.astype(np.int64)
    if int(longest.sum()) > len(path):
        longest = np.minimum(longest, count_demand(path, path_first, path_quotas, len(capacity)))
    # One more than the capacity: an applicant is entered before another one is rejected.
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(longest + 1)])
