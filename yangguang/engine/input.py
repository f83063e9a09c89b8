"""The frozen people of a run as columns, and the problem they pose: `rules.runs.rank_columns` on arrays. (domain-rules §4)"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from yangguang.engine.jit import jit
from yangguang.engine.problem import Bits, Ints, Problem, Shorts
from yangguang.engine.ranking import EqualRank, Ranks, draw_order, rank
from yangguang.engine.tsv_reader import (
    Text,
    find_cells,
    number_distinct,
    read_digests,
    read_integers,
    read_words,
    split_cells,
)
from yangguang.rules.applicants.aptitude_tests import parted
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.quotas import ProgrammeSeats
from yangguang.rules.runs.rank_columns import Seats

LACKING = -1
"""A score that a shorter list of scores does not have: below every other one."""


class Irregular(ValueError):
    """Input of a kind that only the reference explains: it refuses it with a sentence, or takes it."""


@dataclass(frozen=True, slots=True)
class ApplicantColumns:
    """N applicants by 报名号, S choices, one person's after another's.

    Args:
        numbers: S…[N], ascending.
        scores: int64[N, most scores]; LACKING where there are fewer.
        draws: uint8[N, 32].
        kinds: int32[N] into `kind_sets`: which kinds of seats are open to the person.
        locked: bool[N]; holds a seat of the year already.
        first: int64[N+1]; choices of person i are first[i] … first[i+1]−1.
        line: int32[S], from 0 in the order of the line codes.
        barred: int32[S] into `bars`, −1 where the person may be ranked.
        bonus: int64[S]; points of the line's own test, added to the total of a person who has one.
    """

    numbers: npt.NDArray[np.bytes_]
    scores: npt.NDArray[np.int64]
    draws: npt.NDArray[np.uint8]
    kinds: Shorts
    kind_sets: list[tuple[str, ...]]
    locked: Bits
    first: Ints
    line: Shorts
    barred: Shorts
    bars: list[str]
    bonus: Ints

    @property
    def person(self) -> Shorts:
        """int32[S]; whose choice it is."""
        return np.repeat(np.arange(len(self.numbers), dtype=np.int32), np.diff(self.first))

    def scored(self) -> tuple[npt.NDArray[np.int64], Ints]:
        """Every score that counts somewhere, and which of them counts for each choice, int64[S].

        The first N rows are the persons' own; a choice with a bonus has a row of its own after them, so that without
        bonuses nothing is copied.
        """
        whose = self.person.astype(np.int64)
        slots = np.flatnonzero(self.bonus)
        if not len(slots):
            return self.scores, whose
        more = self.scores[whose[slots]]
        more[:, 0] += np.where(more[:, 0] == LACKING, 0, self.bonus[slots])
        whose[slots] = len(self.scores) + np.arange(len(slots))
        return np.concatenate([self.scores, more]), whose


def read_applicants(text: Text, codes: Sequence[str]) -> ApplicantColumns:
    """Read the rows "person  报名号  scores  draw  kinds  locked  choices" of a frozen text.

    Args:
        codes: of the lines, in order.
    Raises:
        Irregular: numbers not in ascending order, or a cell of another form.
        KeyError: a choice of an unknown line.
    """
    try:
        low, high = find_cells(text, 7)
        draws = read_digests(text, low[3], high[3])
        scores = _scores(text, low[2], high[2])
        locked = read_integers(text, low[5], high[5]) == 1
    except ValueError as fault:
        raise Irregular(str(fault)) from fault
    numbers = read_words(text, low[1], high[1])
    if (numbers[1:] <= numbers[:-1]).any():
        raise Irregular("numbers are not in ascending order")
    kinds, sets = number_distinct(text, low[4], high[4])
    first, choice_low, choice_high = split_cells(text, low[6], high[6], " ")
    choice, named = number_distinct(text, choice_low, choice_high)
    at = {code: i for i, code in enumerate(codes)}
    bars: dict[str, int] = {}
    lines, barred = np.empty(len(named), np.int32), np.empty(len(named), np.int32)
    points = np.zeros(len(named), np.int64)
    for i, name in enumerate(named):
        try:
            code, bar, points[i] = parted(name)
        except (ValueError, OverflowError) as fault:
            raise Irregular(str(fault)) from fault
        lines[i] = at[code]
        barred[i] = bars.setdefault(bar, len(bars)) if bar else -1
    return ApplicantColumns(
        numbers, scores, draws, kinds, [tuple(kind.split(",")) for kind in sets], locked, first,
        lines[choice], barred[choice], list(bars), points[choice],
    )  # fmt: skip


def _scores(text: Text, low: Ints, high: Ints) -> npt.NDArray[np.int64]:
    first, part_low, part_high = split_cells(text, low, high, ",")
    count = np.diff(first)
    found = np.full((len(count), int(count.max(initial=1))), LACKING, np.int64)
    row = np.repeat(np.arange(len(count)), count)
    found[row, np.arange(len(row)) - first[row]] = read_integers(text, part_low, part_high)
    return found


@dataclass(frozen=True, slots=True)
class RoundProblem:
    """A problem with what is needed to answer it: `seats` as the reference reads them, ways by kinds and line."""

    seats: Seats
    problem: Problem
    ranks: Ranks


def build_problem(people: ApplicantColumns, lines: Sequence[ProgrammeSeats]) -> RoundProblem:
    """The problem of these people on these lines; line i of `people` is `lines[i]`, in ascending order.

    Raises:
        Irregular: a case that the reference refuses with a sentence.
    """
    try:
        seats = Seats(lines)
    except Refused as refusal:
        raise Irregular(refusal.what) from refusal
    steps_first, steps, conflicting = _ways(people.kind_sets, seats)
    way = (people.kinds[people.person] * len(lines) + people.line).astype(np.int32)
    if conflicting[way].any():
        raise Irregular("a person of a confined group is listed in a second bucket")
    if _repeats(people.first, people.line):
        raise Irregular("somebody names a line twice")
    way[(people.barred >= 0) | (np.diff(steps_first)[way] == 0)] = -1
    all_wait = np.array(seats.all_wait, np.bool_)
    by_lottery = np.array([not all(seats.all_wait[b] for b in seats.of_line[line]) for line in seats.of_line])
    ranks = _ranked(people, way, by_lottery.astype(np.bool_))
    problem = Problem(
        people.first, way, ranks.place, ranks.group, steps_first, steps, np.array(seats.own, np.int32),
        np.array(seats.taker, np.int32), all_wait,
    )  # fmt: skip
    return RoundProblem(seats, problem, ranks)


def _ranked(people: ApplicantColumns, way: Shorts, by_lottery: Bits) -> Ranks:
    """Scores and draw are a person's but for bonuses, so they are put in order once for all choices."""
    draw, person = draw_order(people.draws), people.person
    scores, counts = people.scored()
    by_score: npt.NDArray[Any] = np.lexsort([-column for column in scores.T[::-1]])
    fresh = np.ones(len(by_score), bool)
    fresh[1:] = (scores[by_score[1:]] != scores[by_score[:-1]]).any(axis=1)
    standing = np.empty(len(by_score), np.int64)
    standing[by_score] = -np.cumsum(fresh)
    try:
        return rank(people.line, way >= 0, [standing[counts]], draw[person], by_lottery)
    except EqualRank as fault:
        raise Irregular(str(fault)) from fault


def _ways(kind_sets: Sequence[tuple[str, ...]], seats: Seats) -> tuple[Shorts, Shorts, Bits]:
    """Way `k × lines + line`: the buckets of the line that are open to kinds k, and whether that makes no sense."""
    steps: list[int] = []
    borders, conflicting = [0], []
    for kinds in kind_sets:
        for buckets in seats.of_line.values():
            open_ones = [b for b in buckets if seats.code[b] in kinds]
            steps += open_ones
            borders.append(len(steps))
            conflicting.append(len(open_ones) > 1 and any(seats.confines[b] for b in open_ones))
    return np.array(borders, np.int32), np.array(steps, np.int32), np.array(conflicting, np.bool_)


@jit
def _repeats(first: Ints, line: Shorts) -> bool:
    for person in range(len(first) - 1):
        for slot in range(first[person], first[person + 1]):
            for other in range(first[person], slot):
                if line[slot] == line[other]:
                    return True
    return False
