"""From a matching to a reason for every choice: the fast twin of `rules.runs.ranked_round`."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from yangguang.engine.input import ApplicantColumns, RoundProblem
from yangguang.engine.jit import jit
from yangguang.engine.problem import Ints, Matching, Problem, Shorts
from yangguang.engine.quota_table import QuotaTable
from yangguang.rules.runs.matching_types import Barred, Cutoff, Flow, ReasonCode

Bytes = npt.NDArray[np.int8]
CODES = list(ReasonCode)
ADMITTED, HIGHER = CODES.index(ReasonCode.ADMITTED), CODES.index(ReasonCode.HIGHER_CHOICE_ADMITTED)
OUTRANKED, BARRED = CODES.index(ReasonCode.OUTRANKED), CODES.index(ReasonCode.BARRED)
TIED, NO_SEATS = CODES.index(ReasonCode.TIED_AT_CUTOFF), CODES.index(ReasonCode.NO_SEATS)


@dataclass(frozen=True, slots=True)
class Results:
    """The result of a ranked round; N applicants, S choices.

    Args:
        quotas: the quotas by their numbers.
        choice: int32[N]; the choice admitted, from 0, or −1.
        quota: int32[N]; its quota, or −1.
        reason: int32[S] into `words`.
        place: int64[S]; place at the programme, 0 where the applicant is not ranked.
        words: a reason as it is stored: its code, and what barred the applicant.
        cutoffs, flows: by programme and priority; `Cutoff.programme` and `Flow.programme` count from 1.
    """

    quotas: QuotaTable
    choice: Shorts
    quota: Shorts
    reason: Shorts
    place: Ints
    words: list[str]
    cutoffs: tuple[Cutoff, ...]
    flows: tuple[Flow, ...]


def build_results(people: ApplicantColumns, round: RoundProblem, matching: Matching) -> Results:
    """Explain every choice of every applicant."""
    problem, place = round.problem, round.ranks.place
    group = problem.key if problem.group is None else problem.group
    reason = np.empty(len(problem.path), np.int8)
    _explain(problem, group, matching, matching.final_seats, reason)
    words = [code.value for code in CODES]
    bars = [*people.bars, Barred.NO_QUOTA.value]
    word = reason.astype(np.int32)
    # After the codes follow the bars, each a separate word; NO_QUOTA is the last.
    barred = reason == BARRED
    word[barred] = len(words) + np.where(people.barred < 0, len(people.bars), people.barred)[barred]
    words += [f"{ReasonCode.BARRED.value}:{bar}" for bar in bars]
    cutoffs, flows = _list_cutoffs(people, round, matching), _list_flows(round.quotas, matching)
    admitted = matching.choice, matching.quota
    return Results(round.quotas, *admitted, word, place, words, tuple(cutoffs), tuple(flows))


def _list_cutoffs(people: ApplicantColumns, round: RoundProblem, matching: Matching) -> Iterator[Cutoff]:
    problem, table, seats = round.problem, round.quotas, matching.final_seats.tolist()
    chosen = np.bincount(problem.path[problem.path >= 0], minlength=len(problem.path_first) - 1)
    eligible = np.zeros(len(seats), np.int64)
    np.add.at(eligible, problem.path_quotas, np.repeat(chosen, np.diff(problem.path_first)))
    scores, rows = people.scores_with_bonus()
    for q, last in enumerate(matching.last.tolist()):
        place = score = None
        if last >= 0:
            place = int(round.ranks.place[last])
            score = tuple(point for point in scores[rows[last]].tolist() if point >= 0)
        number = int(table.programme[q]) + 1
        yield Cutoff(number, table.code[q], seats[q], int(matching.admitted[q]), int(eligible[q]), place, score)


def _list_flows(table: QuotaTable, matching: Matching) -> Iterator[Flow]:
    for q in np.flatnonzero(matching.lent).tolist():
        taker = table.code[table.taker[q]]
        yield Flow(int(table.programme[q]) + 1, table.code[q], taker, int(matching.lent[q]))


@jit
def _explain(problem: Problem, group: Ints, matching: Matching, seats: Shorts, reason: Bytes) -> None:
    """Seats that stay empty although an applicant was rejected can only mean a tied group that did not fit."""
    first, path, path_first = problem.first, problem.path, problem.path_first
    choice, cutoff, admitted = matching.choice, matching.cutoff, matching.admitted
    for person in range(len(first) - 1):
        own = first[person] + choice[person] if choice[person] >= 0 else first[person + 1]
        for slot in range(first[person], first[person + 1]):
            if path[slot] < 0:
                reason[slot] = BARRED
            elif slot > own:
                reason[slot] = HIGHER
            elif slot == own:
                reason[slot] = ADMITTED
            else:
                eligible_seats, tied = np.int64(0), False
                for step in range(path_first[path[slot]], path_first[path[slot] + 1]):
                    b = problem.path_quotas[step]
                    eligible_seats += seats[b]
                    tied = tied or (cutoff[b] == group[slot] and admitted[b] < seats[b])
                if eligible_seats == 0:
                    reason[slot] = NO_SEATS
                else:
                    reason[slot] = TIED if tied else OUTRANKED
