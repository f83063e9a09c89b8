"""The published reference on an instance from a file: slower, one Python object a wish, the same result."""

import itertools

import numpy as np

from yangguang.engine.instance import Instance
from yangguang.engine.problem import Shorts
from yangguang.rules.runs.matching import match
from yangguang.rules.runs.matching_types import Applicant, Choice


def settle_by_rules(contest: Instance) -> Shorts:
    """As `settle(contest.problem).choice`: int32[N], which slot of the person was obtained, or −1."""
    problem, lines = contest.problem, contest.lines
    first = problem.first.tolist()
    codes = [bucket.code for line in lines for bucket in line.in_order]
    ways = [
        tuple(codes[bucket] for bucket in problem.steps[begin:end].tolist())
        for begin, end in zip(
            problem.steps_first[:-1].tolist(), problem.steps_first[1:].tolist(), strict=True
        )
    ]
    group = problem.key if problem.group is None else problem.group
    columns = [column.tolist() for column in (contest.line, problem.way, group, problem.key)]
    applicants, kept = [], []
    for i, (begin, end) in enumerate(itertools.pairwise(first)):
        rows = [(slot, *(column[slot] for column in columns)) for slot in range(begin, end)]
        ranked = [row for row in rows if row[2] >= 0]
        kept.append([slot - begin for slot, *_ in ranked])
        wishes = tuple(
            Choice(line, (-shared,), f"{key:020d}", ways[way]) for _, line, way, shared, key in ranked
        )
        applicants.append(Applicant(f"{i:010d}", wishes))
    ranks = [row.rank for row in match(applicants, lines).placements]
    return np.array(
        [-1 if rank is None else kept[i][rank - 1] for i, rank in enumerate(ranks)], np.int32
    ).reshape(len(ranks))
