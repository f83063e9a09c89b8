"""The frozen applicants of a run as columns, and their problem: the fast twin of `rules.runs.ranking`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from yangguang.engine.jit import jit
from yangguang.engine.problem import Bits, Ints, Problem, Shorts
from yangguang.engine.quota_table import QuotaTable
from yangguang.engine.ranking import EqualRank, Ranks, draw_order, rank
from yangguang.engine.tsv_reader import (
    Cells,
    Text,
    find_cells,
    number_distinct,
    read_digests,
    read_integers,
    read_words,
    split_cells,
)
from yangguang.rules.applicants.aptitude_tests import parse_choice
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.quotas import ProgrammeSeats, has_conflict

MISSING = -1
"""A score that a shorter list of scores does not have: below every other one."""


class Irregular(ValueError):
    """Input that is left to the reference, which refuses it with a sentence or accepts it."""


@dataclass(frozen=True, slots=True)
class ApplicantColumns:
    """N applicants by 报名号 and their S choices, in order of applicant and choice.

    Args:
        numbers: S…[N], ascending.
        scores: int64[N, most scores]; MISSING where there are fewer.
        draws: uint8[N, 32].
        kinds: int32[N] into `kind_sets`: codes of the quotas the applicant is eligible for.
        locked: bool[N]; already holds a seat of the year.
        first: int64[N+1]; choices of applicant i are first[i] … first[i+1]−1.
        programme: int32[S], from 0 in the order of the programme codes.
        barred: int32[S] into `bars`, −1 where the applicant may be ranked.
        bonus: int64[S]; points of the programme's aptitude test, added to the total of an applicant who has one.
    """

    numbers: npt.NDArray[np.bytes_]
    scores: npt.NDArray[np.int64]
    draws: npt.NDArray[np.uint8]
    kinds: Shorts
    kind_sets: list[tuple[str, ...]]
    locked: Bits
    first: Ints
    programme: Shorts
    barred: Shorts
    bars: list[str]
    bonus: Ints

    @property
    def person(self) -> Shorts:
        """int32[S]; the applicant of each choice."""
        return np.repeat(np.arange(len(self.numbers), dtype=np.int32), np.diff(self.first))

    def scores_with_bonus(self) -> tuple[npt.NDArray[np.int64], Ints]:
        """Scores including bonuses, and for each choice the row that counts, int64[S].

        The first N rows are `scores`; each choice with a bonus has a row after them, so that nothing is copied
        where there are no bonuses.
        """
        rows = self.person.astype(np.int64)
        slots = np.flatnonzero(self.bonus)
        if not len(slots):
            return self.scores, rows
        more = self.scores[rows[slots]]
        more[:, 0] += np.where(more[:, 0] == MISSING, 0, self.bonus[slots])
        rows[slots] = len(self.scores) + np.arange(len(slots))
        return np.concatenate([self.scores, more]), rows


def read_applicants(text: Text, codes: Sequence[str]) -> ApplicantColumns:
    """Read the rows "person  报名号  scores  draw  kinds  locked  choices" of a frozen text.

    Args:
        codes: of the programmes, in order.
    Raises:
        Irregular: numbers not in ascending order, or a cell of another form.
        KeyError: a choice of an unknown programme.
    """
    try:
        _, number_cells, score_cells, draw_cells, kind_cells, locked_cells, lists = find_cells(text, 7)
        draws = read_digests(draw_cells)
        scores = _read_scores(score_cells)
        locked = read_integers(locked_cells) == 1
    except ValueError as fault:
        raise Irregular(str(fault)) from fault
    numbers = read_words(number_cells)
    if (numbers[1:] <= numbers[:-1]).any():
        raise Irregular("numbers are not in ascending order")
    kinds, sets = number_distinct(kind_cells)
    first, parts = split_cells(lists, " ")
    choice, named = number_distinct(parts)
    at = {code: i for i, code in enumerate(codes)}
    bars: dict[str, int] = {}
    programmes, barred = np.empty(len(named), np.int32), np.empty(len(named), np.int32)
    points = np.zeros(len(named), np.int64)
    for i, name in enumerate(named):
        try:
            code, bar, points[i] = parse_choice(name)
        except (ValueError, OverflowError) as fault:
            raise Irregular(str(fault)) from fault
        programmes[i] = at[code]
        barred[i] = bars.setdefault(bar, len(bars)) if bar else -1
    return ApplicantColumns(
        numbers,
        scores,
        draws,
        kinds,
        [tuple(kind.split(",")) for kind in sets],
        locked,
        first,
        programmes[choice],
        barred[choice],
        list(bars),
        points[choice],
    )


def _read_scores(cells: Cells) -> npt.NDArray[np.int64]:
    first, parts = split_cells(cells, ",")
    count = np.diff(first)
    scores = np.full((len(count), int(count.max(initial=1))), MISSING, np.int64)
    row = np.repeat(np.arange(len(count)), count)
    scores[row, np.arange(len(row)) - first[row]] = read_integers(parts)
    return scores


@dataclass(frozen=True, slots=True)
class RoundProblem:
    """The problem of a round, with what is needed to explain its result."""

    quotas: QuotaTable
    problem: Problem
    ranks: Ranks


def build_problem(people: ApplicantColumns, programmes: Sequence[ProgrammeSeats]) -> RoundProblem:
    """The problem of these applicants at these programmes.

    Args:
        programmes: in ascending order; programme i of `people` is `programmes[i]`.
    Raises:
        Irregular: a case that the reference refuses with a sentence.
    """
    try:
        table = QuotaTable.from_seats(programmes)
    except Refused as refusal:
        raise Irregular(refusal.what) from refusal
    path_first, path_quotas, conflicts = _build_paths(people.kind_sets, programmes, table)
    path = (people.kinds[people.person] * len(programmes) + people.programme).astype(np.int32)
    if conflicts[path].any():
        raise Irregular("an applicant of a confined quota is listed in a second one")
    if _repeats(people.first, people.programme):
        raise Irregular("an applicant chose a programme twice")
    path[(people.barred >= 0) | (np.diff(path_first)[path] == 0)] = -1
    ranks = _rank_choices(people, path, table.uses_lottery)
    problem = Problem(
        people.first, path, ranks.place, ranks.group, path_first, path_quotas, table.seats, table.taker, table.ties_wait
    )
    return RoundProblem(table, problem, ranks)


def _rank_choices(people: ApplicantColumns, path: Shorts, uses_lottery: Bits) -> Ranks:
    """Scores and draw belong to the applicant but for bonuses, so they are sorted once for all choices."""
    draw, person = draw_order(people.draws), people.person
    scores, counts = people.scores_with_bonus()
    by_score: Ints = np.lexsort([-column for column in scores.T[::-1]])
    differs = np.ones(len(by_score), bool)
    differs[1:] = (scores[by_score[1:]] != scores[by_score[:-1]]).any(axis=1)
    level = np.empty(len(by_score), np.int64)
    level[by_score] = -np.cumsum(differs)
    try:
        return rank(people.programme, path >= 0, [level[counts]], draw[person], uses_lottery)
    except EqualRank as fault:
        raise Irregular(str(fault)) from fault


def _build_paths(
    kind_sets: Sequence[tuple[str, ...]], programmes: Sequence[ProgrammeSeats], table: QuotaTable
) -> tuple[Shorts, Shorts, Bits]:
    """Path `k × programmes + p`: the quotas of programme p that are open to kinds k, and whether they conflict."""
    path_quotas: list[int] = []
    borders, conflicts = [0], []
    for kinds in kind_sets:
        for at, programme in enumerate(programmes):
            eligible = programme.find_eligible(kinds)
            path_quotas += [table.numbers[at, quota.code] for quota in eligible]
            borders.append(len(path_quotas))
            conflicts.append(has_conflict(eligible))
    return np.array(borders, np.int32), np.array(path_quotas, np.int32), np.array(conflicts, np.bool_)


@jit
def _repeats(first: Ints, programme: Shorts) -> bool:
    for person in range(len(first) - 1):
        for slot in range(first[person], first[person + 1]):
            for other in range(first[person], slot):
                if programme[slot] == programme[other]:
                    return True
    return False
