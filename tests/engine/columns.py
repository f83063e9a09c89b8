"""A round of the rules for both engines, and everything both say about its end: for comparing the twins."""

from collections.abc import Sequence

from yangguang.engine.instance import problem_from_market
from yangguang.engine.problem import Matching, Problem
from yangguang.rules.plans.quotas import ProgrammeSeats
from yangguang.rules.runs.matching import Market
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
