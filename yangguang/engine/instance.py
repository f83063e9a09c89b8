"""An instance from a file: the problem, who and what its numbers stand for, and the checks every source shares."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from yangguang.engine.problem import NO_CUTOFF, Ints, Problem, Shorts
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.quotas import Mode, ProgrammeSeats, Quota, Tie

GENERAL = "general"
MOST_SLOTS = (1 << 31) - 1
LEAST_KEY, MOST_KEY = -(1 << 63), (1 << 63) - 1


@dataclass(frozen=True)
class Instance:
    """What a file says.

    Args:
        problem: the instance.
        line: int32[S], index of the line of each slot, or −1 where the wish takes no part.
        choice: int32[S], which choice of the person a slot is, from 0; None when slots are choices without a gap.
        applicants, names: what the file calls applicants and lines; None when it knows them by their index.
        buckets: the lines with their buckets, as `rules.runs.matching` takes them; None: one bucket a line.
    """

    problem: Problem
    line: Shorts
    choice: Shorts | None = None
    applicants: Sequence[str] | None = None
    names: Sequence[str] | None = None
    buckets: Sequence[ProgrammeSeats] | None = None

    @cached_property
    def lines(self) -> Sequence[ProgrammeSeats]:
        """All lines with their buckets."""
        if self.buckets is not None:
            return self.buckets
        return [plain_line(n, seats) for n, seats in enumerate(self.problem.own.tolist())]

    def match(self, offset: Shorts) -> Shorts:
        """From `Settled.choice` (which slot of the person) to the choice as the file counts it, or −1."""
        if self.choice is None:
            return offset
        first, got = self.problem.first[:-1], offset >= 0
        found = np.full(len(offset), -1, np.int32)
        found[got] = self.choice[first[got] + offset[got]]
        return found


def plain_line(number: int, seats: int, name: str = "") -> ProgrammeSeats:
    """A line whose only bucket takes everybody."""
    return ProgrammeSeats(number, (Quota(GENERAL, seats, Mode.AT_LEAST, 1, None, Tie.LOTTERY),), None, name)


def plain_problem(first: Ints, line: Shorts, key: Ints, quota: Shorts) -> Problem:
    """One bucket a line: the way of a wish is its line."""
    lines = len(quota)
    return Problem(
        first, line, key, None, np.arange(lines + 1, dtype=np.int32), np.arange(lines, dtype=np.int32),
        quota, np.full(lines, -1, np.int32), np.zeros(lines, np.bool_),
    )  # fmt: skip


def keys_in_range(key: Ints, line: Shorts) -> Ints:
    """The keys as 0 … NO_CUTOFF−1 in the same order, 0 where a wish takes no part; every int64 is a legal key.

    They stay as they are where they can, are moved where their spread allows it, else each becomes its place among
    all.
    """
    taking_part = line >= 0
    if not taking_part.any():
        return np.zeros_like(key)
    lowest = int(key.min(initial=MOST_KEY, where=taking_part))
    highest = int(key.max(initial=LEAST_KEY, where=taking_part))
    if highest - lowest >= NO_CUTOFF:
        placed = np.zeros_like(key)
        placed[taking_part] = np.unique(key[taking_part], return_inverse=True)[1]
        return placed
    if lowest < 0 or highest >= NO_CUTOFF:
        return np.where(taking_part, key - lowest, 0)
    # The loops ask "nowhere" for the others and must find no key below its bar there.
    return key if taking_part.all() or int(key.min()) >= 0 else np.where(taking_part, key, 0)


def check_unique(
    line: Shorts,
    key: Ints,
    written: Ints,
    applicant: Ints,
    people: Sequence[object],
    names: Sequence[object],
) -> None:
    """Let wishes pass that their keys put in order in every line.

    Args:
        applicant: int64[S], whose slot it is.
        people, names: what the file calls applicants and lines.
        key: 0 … NO_CUTOFF−1 where `line` ≥ 0.
        written: the same keys as the file writes them.
    Raises:
        Refused: naming a line and two applicants.
    """
    span = int(key.max(initial=0, where=line >= 0)) + 1
    if span * max(1, len(names)) < NO_CUTOFF:
        # One number for line and key; the fifteen million of a country leave no room for more than one copy.
        both = line.astype(np.int64)
        both *= span
        both += key
        both[line < 0] = -1
        both.sort()
        taking_part = both[np.searchsorted(both, 0) :]
        if not (taking_part[1:] == taking_part[:-1]).any():
            return
    slots = np.flatnonzero(line >= 0)
    mine, keys = line[slots], key[slots]
    order = np.lexsort((keys, mine))
    same = (np.diff(mine[order]) == 0) & (np.diff(keys[order]) == 0)
    if same.any():
        at = int(np.flatnonzero(same)[0])
        one, other = (applicant[slots[order[i]]] for i in (at, at + 1))
        pair = "、".join(str(people[i]) for i in sorted((int(one), int(other))))
        raise Refused(
            f"计划行 {names[mine[order[at]]]} 中考生 {pair} 的 key 相同，都是 {written[slots[order[at]]]}，排不出先后",
            why="key 在同一计划行内须各不相同",
            now="请先用抽签号分出先后",
        )


def refuse_repeated(applicant: str, line: str) -> Refused:
    """The sentence for a line that a person named twice."""
    return Refused(f"考生 {applicant} 把计划行 {line} 填了两次", now="请删去重复的志愿")
