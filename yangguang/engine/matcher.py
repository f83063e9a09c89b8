"""Student-optimal deferred acceptance on arrays: chooses the loop, gives it its memory, reads the result."""

from typing import Any

import numpy as np
import numpy.typing as npt

from yangguang.engine.match_quotas import match_quotas
from yangguang.engine.match_simple import match_simple
from yangguang.engine.option_table import count_demand, fill_options, mark_admitted, read_admitted
from yangguang.engine.problem import NO_CUTOFF, Ints, Matching, Problem, Shorts


def match_problem(problem: Problem) -> Matching:
    """Place every applicant: O(S log S) for S slots; usually most slots are never looked at.

    The same result as `rules.runs.matching.match`, to the last row, for the same order within the lines.

    Args:
        problem: as described there; its arrays are not changed.
    Raises:
        ValueError: an array that does not have the type and length `Problem` asks for.
    """
    _check(problem)
    first, steps_first, steps = _own(problem.first), _own(problem.steps_first), _own(problem.steps)
    own, taker, all_wait = _own(problem.own), _own(problem.taker), _own(problem.all_wait)
    key = _own(problem.key)
    persons, buckets = len(first) - 1, len(own)
    room = _with_loans(own, taker)
    held, reached = np.zeros(buckets, np.int32), np.zeros(buckets, np.int32)
    cut = np.full(buckets, NO_CUTOFF, np.int64)
    way = _own(problem.way)
    target = _first_buckets(steps_first, steps, buckets) if problem.is_plain else _entries(steps_first)
    # Made here and not in the loops: numpy asks the system for large pages.
    asks = np.empty(len(way), np.int32)
    if not fill_options(asks, first, way, target):
        raise ValueError("way: not as Problem describes it")
    start = _stretches(room, way, steps_first, steps)
    keys, slots = np.empty(start[-1], np.int64), np.empty(start[-1], np.int32)
    if problem.is_plain:
        match_simple(first, asks, key, room, start, held, keys, slots)
        reached = held.copy()
    else:
        group = key if problem.group is None else _own(problem.group)
        closed = np.insert(steps, np.append(steps_first[1:], len(steps)), np.int32(-1))
        match_quotas(
            first,
            asks,
            key,
            group,
            closed,
            own,
            taker,
            all_wait,
            room,
            start,
            held,
            reached,
            cut,
            keys,
            slots,
        )
        cut[~all_wait] = NO_CUTOFF
    last = mark_admitted(asks, keys, slots, start, held)
    choice, bucket = np.empty(persons, np.int32), np.empty(persons, np.int32)
    read_admitted(asks, first, choice, bucket)
    return Matching(choice, bucket, room, reached, cut, held, last)


def compile_loops() -> None:
    """Compile both loops, or fetch them where they are kept, so that the next run only computes."""
    one, none = np.zeros(1, np.int32), np.full(1, -1, np.int32)
    count_demand(one, np.array([0, 1], np.int32), one, 1)
    for waits in (False, True):
        match_problem(
            Problem(
                np.array([0, 1]), one, np.zeros(1, np.int64), np.zeros(1, np.int64) if waits else None,
                np.array([0, 1], np.int32), one, np.ones(1, np.int32), none, np.full(1, waits),
            )
        )  # fmt: skip


def _own(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Contiguous and writable, so that no second variant of a loop is compiled; a copy only where it is not."""
    return np.require(array, requirements=["C", "W"])


def _check(problem: Problem) -> None:
    """Let arrays pass that no loop can run out of."""
    persons, slots, ways = len(problem.first) - 1, len(problem.way), len(problem.steps_first) - 1
    buckets = len(problem.own)
    wanted_types = {
        "first": np.int64, "way": np.int32, "key": np.int64, "group": np.int64, "steps_first": np.int32,
        "steps": np.int32, "own": np.int32, "taker": np.int32, "all_wait": np.bool_,
    }  # fmt: skip
    for name, dtype in wanted_types.items():
        array = getattr(problem, name)
        if array is not None and (array.ndim != 1 or array.dtype != dtype):
            raise ValueError(f"{name}: one dimension of {np.dtype(dtype)}, not {array.ndim} of {array.dtype}")
    first, borders, lengths = problem.first, problem.steps_first, {len(problem.taker), len(problem.all_wait)}
    group = problem.key if problem.group is None else problem.group
    faults = {
        "first": persons < 0 or first[0] != 0 or first[-1] != slots or bool((np.diff(first) < 0).any()),
        "way": slots >= 1 << 31,
        "key": len(problem.key) != slots or int(problem.key.min(initial=0)) < 0,
        "group": len(group) != slots or (problem.group is None and bool(problem.all_wait.any())),
        "steps_first": ways < 0
        or borders[0] != 0
        or borders[-1] != len(problem.steps)
        or bool((np.diff(borders) < 0).any()),
        "steps": bool(((problem.steps < 0) | (problem.steps >= buckets)).any()),
        "own": lengths != {buckets} or bool((problem.own < 0).any()),
        "taker": bool(((problem.taker < -1) | (problem.taker >= buckets)).any()),
    }
    if wrong := [name for name, fault in faults.items() if fault]:
        raise ValueError(f"{'、'.join(wrong)}: not as Problem describes it")


def _with_loans(own: Shorts, taker: Shorts) -> Shorts:
    """Own seats and all that may be borrowed."""
    room = own.astype(np.int64)
    np.add.at(room, taker[taker >= 0], own[taker >= 0])
    if len(room) and room.max() >= 1 << 31:
        raise ValueError("own: a bucket with what it may borrow must stay below 2³¹ seats")
    return room.astype(np.int32)


def _first_buckets(steps_first: Shorts, steps: Shorts, nowhere: int) -> Shorts:
    """Where no way has more than one bucket: the bucket of each way, `nowhere` for none and after the last way."""
    target = np.full(len(steps_first), nowhere, np.int32)
    target[:-1][np.diff(steps_first) > 0] = steps
    return target


def _entries(steps_first: Shorts) -> Shorts:
    """Where each way begins once all are closed by −1, and where an empty one lies after the last."""
    return (steps_first + np.arange(len(steps_first))).astype(np.int32)


def _stretches(room: Shorts, way: Shorts, steps_first: Shorts, steps: Shorts) -> Ints:
    """Where the stretch of each bucket begins: as long as its room, or as the wishes that could ever be in it."""
    longest = room.astype(np.int64)
    if int(longest.sum()) > len(way):
        longest = np.minimum(longest, count_demand(way, steps_first, steps, len(room)))
    # One more than the room: somebody comes before somebody else is turned away.
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(longest + 1)])
