"""The columns of the benchmark do the same work, or its figures mean nothing."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.columns import COLUMNS, compiler, quotas
from benchmarks.instances import with_quotas, write_instance
from tests.engine.columns import list_choices
from yangguang.engine.match_file import read_problem
from yangguang.rules.runs.matching import Market, ProgrammeState, QuotaState


@pytest.mark.parametrize("name", ["limit", "rules", "package"])
def test_every_column_finds_the_match_of_ours(name: str, tmp_path: Path) -> None:
    if name == "limit" and compiler() is None:
        pytest.skip("no C compiler")
    path = tmp_path / "instance.npz"
    write_instance(path, 900, 30)
    _, expected = COLUMNS["ours"](path)()
    seconds, choices = COLUMNS[name](path)()

    assert choices.tolist() == expected.tolist()
    assert {-1, 0, 5} <= set(expected.tolist())
    assert seconds["s"] > 0


def test_the_column_with_quotas_is_a_round_of_the_rules(tmp_path: Path) -> None:
    path = tmp_path / "instance.npz"
    write_instance(path, 900, 30)
    simple = read_problem(path)
    problem = with_quotas(simple)
    names = ("local", "elsewhere", "general")
    market = Market(
        ProgrammeState(
            str(at),
            [
                QuotaState(name, own, n, "" if name == "general" else "general")
                for n, (name, own) in enumerate(zip(names, seats, strict=True))
            ],
        )
        for at, seats in enumerate(problem.seats.reshape(-1, 3).tolist())
    )
    for i in range(900):
        slots = range(problem.first[i], problem.first[i + 1])
        columns = [(int(simple.path[s]), int(problem.key[s]), int(problem.path[s]) % 3) for s in slots]
        eligible = (frozenset(["general"]), frozenset(["local", "general"]), frozenset(["elsewhere"]))
        market.add_applicant(str(i), [(at, key, key, eligible[group]) for at, key, group in columns])

    market.run()
    _, choices = quotas(path)()

    assert choices.tolist() == list_choices(market).tolist()
    assert np.bincount(problem.path_quotas).min() > 0
