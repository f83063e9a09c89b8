"""From the columns of the reference to those of the engine, and back to its cuts: for comparing the twins."""

from collections.abc import Sequence

import numpy as np

from yangguang.engine.problem import Matching, Problem
from yangguang.rules.plans.quotas import ProgrammeSeats
from yangguang.rules.runs.matching_types import Applicant, Outcome
from yangguang.rules.runs.rank_columns import Claims, Seats

Row = tuple[int | None, int | None, str | None]
End = tuple[int, str, int, int, int | None]


def problem_of(claims: Claims, seats: Seats) -> Problem:
    """The same instance; the empty slot after everybody's wishes is left out, ranks are those of the reference."""
    kept = [slot for slot, way in enumerate(claims.ways) if way is not None]
    ways = sorted({way for way in claims.ways if way})
    number = {way: i for i, way in enumerate(ways)}
    counts = [len(wishes) for wishes in claims.given]
    return Problem(
        first=np.cumsum([0, *counts]).astype(np.int64),
        way=np.array([number.get(claims.ways[slot] or (), -1) for slot in kept], np.int32),
        key=np.array([claims.place[slot] for slot in kept], np.int64),
        group=np.array([claims.group[slot] for slot in kept], np.int64) if any(seats.all_wait) else None,
        steps_first=np.cumsum([0, *map(len, ways)]).astype(np.int32),
        steps=np.array([bucket for way in ways for bucket in way], np.int32),
        own=np.array(seats.own, np.int32),
        taker=np.array(seats.taker, np.int32),
        all_wait=np.array(seats.all_wait, np.bool_),
    )


def read(applicants: Sequence[Applicant], lines: Sequence[ProgrammeSeats]) -> tuple[Claims, Seats, Problem]:
    seats = Seats(lines)
    claims = Claims(applicants, seats)
    return claims, seats, problem_of(claims, seats)


def rows(settled: Matching, claims: Claims, seats: Seats) -> dict[str, Row]:
    """Number to (rank, line, bucket), as in a `Placement`."""
    found: dict[str, Row] = {}
    for i, number in enumerate(claims.numbers):
        choice, bucket = int(settled.choice[i]), int(settled.bucket[i])
        found[number] = (
            (None, None, None) if choice < 0 else (choice + 1, seats.line[bucket], seats.code[bucket])
        )
    return found


def ends(settled: Matching, problem: Problem, seats: Seats) -> list[End]:
    """Line, bucket, seats after the flow, admitted, place of the last one: as in a `Cut`."""
    moved = np.where(problem.taker >= 0, problem.own - settled.reached, 0)
    return [
        (
            seats.line[b],
            seats.code[b],
            int(settled.room[b] - moved[b]),
            int(settled.held[b]),
            None if settled.last[b] < 0 else int(problem.key[settled.last[b]]),
        )
        for b in range(len(seats.line))
    ]


def rows_of(outcome: Outcome) -> dict[str, Row]:
    return {row.number: (row.rank, row.line, row.bucket) for row in outcome.placements}


def ends_of(outcome: Outcome) -> list[End]:
    return [(cut.line, cut.bucket, cut.seats, cut.admitted, cut.last_place) for cut in outcome.cuts]
