"""From a settled run to an answer for every choice: `rules.runs.answers` on arrays. (product.md N8)"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from yangguang.engine.input import ApplicantColumns, RoundProblem
from yangguang.engine.jit import jit
from yangguang.engine.problem import Ints, Matching, Shorts
from yangguang.rules.runs.matching_types import Barred, Cutoff, Flow, ReasonCode

Bytes = npt.NDArray[np.int8]
ADMITTED, HIGHER, OUTRANKED, BARRED, TIED, NO_SEATS = range(len(ReasonCode))
assert [code.value for code in ReasonCode] == [
    "admitted", "higher_choice_admitted", "outranked", "barred", "tied_at_cut", "no_seats",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Results:
    """The outcome of a run, with the line and bucket numbers of the input.

    Args:
        choice: int32[N]; the choice obtained, from 0, or −1.
        bucket: int32[N]; bucket of it, −1 for none.
        reason: int32[S] into `words`.
        place: int64[S]; own place in the line, 0 where the person is not ranked.
        words: how a reason is stored: its code, with what barred the person.
        cuts, flows: by line and priority; `Cutoff.line` and `Flow.line` count from 1.
    """

    choice: Shorts
    bucket: Shorts
    reason: Shorts
    place: Ints
    words: list[str]
    cuts: tuple[Cutoff, ...]
    flows: tuple[Flow, ...]


def build_results(people: ApplicantColumns, posed: RoundProblem, settled: Matching) -> Results:
    """Say to each applicant how each choice ended."""
    problem = posed.problem
    moved = np.where(problem.taker >= 0, problem.own - settled.reached, 0)
    seats = (settled.room - moved).astype(np.int64)
    group = problem.key if problem.group is None else problem.group
    verdict = np.empty(len(problem.way), np.int8)
    _verdicts(
        problem.first, problem.way, settled.choice, problem.steps_first, problem.steps, group, settled.cut,
        settled.held, seats, verdict,
    )  # fmt: skip
    words = [code.value for code in ReasonCode]
    bars = [*people.bars, Barred.NO_BUCKET.value]
    reason = verdict.astype(np.int32)
    # Each bar is a word of its own after the codes; a place without buckets comes last.
    barred = verdict == BARRED
    reason[barred] = len(words) + np.where(people.barred < 0, len(people.bars), people.barred)[barred]
    words += [f"{ReasonCode.BARRED.value}:{bar}" for bar in bars]
    place = posed.ranks.place
    cuts = tuple(_cuts(people, posed, settled, seats, place))
    flows = tuple(
        Flow(posed.seats.line[b], posed.seats.code[b], posed.seats.code[problem.taker[b]], int(moved[b]))
        for b in np.flatnonzero(moved)
    )
    return Results(settled.choice, settled.bucket, reason, place, words, cuts, flows)


def _cuts(
    people: ApplicantColumns, posed: RoundProblem, settled: Matching, seats: Ints, place: Ints
) -> Iterator[Cutoff]:
    problem = posed.problem
    asked = np.bincount(problem.way[problem.way >= 0], minlength=len(problem.steps_first) - 1)
    applicants = np.zeros(len(seats), np.int64)
    np.add.at(applicants, problem.steps, np.repeat(asked, np.diff(problem.steps_first)))
    scores, counts = people.scored()
    for b, last in enumerate(settled.last.tolist()):
        score = None
        if last >= 0:
            score = tuple(point for point in scores[counts[last]].tolist() if point >= 0)
        yield Cutoff(
            posed.seats.line[b], posed.seats.code[b], int(seats[b]), int(settled.held[b]), int(applicants[b]),
            int(place[last]) if last >= 0 else None, score,
        )  # fmt: skip


@jit
def _verdicts(
    first: Ints,
    way: Shorts,
    choice: Shorts,
    steps_first: Shorts,
    steps: Shorts,
    group: Ints,
    cut: Ints,
    held: Shorts,
    seats: Ints,
    verdict: Bytes,
) -> None:
    """Seats that stay empty although somebody asked can only mean a tied group that did not fit."""
    for person in range(len(first) - 1):
        got = first[person] + choice[person] if choice[person] >= 0 else first[person + 1]
        for slot in range(first[person], first[person + 1]):
            if way[slot] < 0:
                verdict[slot] = BARRED
            elif slot > got:
                verdict[slot] = HIGHER
            elif slot == got:
                verdict[slot] = ADMITTED
            else:
                open_seats, tied = np.int64(0), False
                for step in range(steps_first[way[slot]], steps_first[way[slot] + 1]):
                    b = steps[step]
                    open_seats += seats[b]
                    tied = tied or (cut[b] == group[slot] and held[b] < seats[b])
                if open_seats == 0:
                    verdict[slot] = NO_SEATS
                else:
                    verdict[slot] = TIED if tied else OUTRANKED
