"""The columns of the benchmark do the same work, or its figures mean nothing."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.columns import COLUMNS, buckets, compiler
from benchmarks.instances import problem_in, with_buckets, write_instance
from yangguang.engine.instance import Instance
from yangguang.engine.reference import settle_by_rules
from yangguang.rules.plans.quotas import Mode, ProgrammeSeats, Quota, Tie


@pytest.mark.parametrize("name", ["limit", "rules", "package"])
def test_every_column_finds_the_match_of_ours(name: str, tmp_path: Path) -> None:
    if name == "limit" and compiler() is None:
        pytest.skip("no C compiler")
    path = tmp_path / "instance.npz"
    write_instance(path, 900, 30)
    _, expected = COLUMNS["ours"](path)()
    seconds, found = COLUMNS[name](path)()
    assert found.tolist() == expected.tolist()
    assert {-1, 0, 5} <= set(expected.tolist()) and seconds["s"] > 0


def test_the_column_with_buckets_is_a_round_of_the_rules(tmp_path: Path) -> None:
    path = tmp_path / "instance.npz"
    write_instance(path, 900, 30)
    plain = problem_in(path)
    problem = with_buckets(plain)
    lines = [
        ProgrammeSeats(
            line,
            (
                Quota("local", own[0], Mode.AT_LEAST, 1, "general", Tie.LOTTERY),
                Quota("elsewhere", own[1], Mode.AT_MOST, 2, "general", Tie.LOTTERY),
                Quota("general", own[2], Mode.AT_LEAST, 3, None, Tie.LOTTERY),
            ),
        )
        for line, own in enumerate(problem.own.reshape(-1, 3).tolist())
    ]
    _, found = buckets(path)()
    assert found.tolist() == settle_by_rules(Instance(problem, plain.way, buckets=lines)).tolist()
    assert np.bincount(problem.steps).min() > 0
