"""A round of the rules for both engines, and everything both say about its end: for comparing the twins."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from yangguang.engine.match_file import problem_from_market
from yangguang.engine.problem import Matching, Problem, Shorts
from yangguang.rules.plans.quotas import ProgrammeSeats
from yangguang.rules.runs.matching import Market, ProgrammeState, QuotaState
from yangguang.rules.runs.matching_types import Applicant
from yangguang.rules.runs.ranking import build_market, sort_programmes

QuotaEnd = tuple[int, int, int, int, int]
"""Final seats, lent, cutoff, number admitted, place of the last one or −1."""


def read(applicants: Sequence[Applicant], programmes: Sequence[ProgrammeSeats]) -> tuple[Market, Problem]:
    """The market for the reference and the same problem for the engine."""
    market = build_market(applicants, sort_programmes(programmes))
    return market, problem_from_market(market)


def quota_ends(matching: Matching, problem: Problem) -> list[QuotaEnd]:
    return [
        (
            int(matching.final_seats[q]),
            int(matching.lent[q]),
            int(matching.cutoff[q]),
            int(matching.admitted[q]),
            -1 if matching.last[q] < 0 else int(problem.key[matching.last[q]]),
        )
        for q in range(len(problem.seats))
    ]


def quota_ends_of(market: Market) -> list[QuotaEnd]:
    return [
        (
            quota.final_seats,
            quota.lent,
            quota.cutoff,
            len(quota.admitted),
            quota.admitted[-1].place if quota.admitted else -1,
        )
        for programme in market.programmes
        for quota in programme.quotas
    ]


def list_choices(market: Market) -> Shorts:
    """int32[N]; the choice admitted at the moment, from 0, or −1: as `Matching.choice`."""
    choices = np.full(len(market.names), -1, np.int32)
    for applicant, (programme, _) in market.admissions().items():
        begin, end = market.first[applicant], market.first[applicant + 1]
        choices[applicant] = market.programme[begin:end].index(programme)
    return choices


def market_from_problem(problem: Problem) -> Market:
    """A problem with one quota a programme for the reference, which numbers applicants and choices alike."""
    seats = problem.seats.tolist()
    # Choices that take no part go to a programme without quotas, which rejects every applicant.
    market = Market([*(ProgrammeState("", [QuotaState("", own)]) for own in seats), ProgrammeState("", [])])
    quotas, none = frozenset([""]), len(seats)
    columns = problem.path.tolist(), problem.key.tolist()
    choices = [(none if path < 0 else path, key, key, quotas) for path, key in zip(*columns, strict=True)]
    for i, (begin, end) in enumerate(pairwise(problem.first.tolist())):
        market.add_applicant(str(i), choices[begin:end])
    return market
