"""The public replay file: it contains the published matching to the letter, and finds every list of a round."""

import ast
import hashlib
import inspect
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.oracle import instances
from yangguang.queries.disclosure.replay_script import OWN_IMPORT, build_script
from yangguang.rules.audit import sm3
from yangguang.rules.disclosure import bundle_format, replay
from yangguang.rules.disclosure.replay import find_faults
from yangguang.rules.plans.quotas import Mode, ProgrammeSeats, Quota, Tie
from yangguang.rules.runs import matching
from yangguang.rules.runs.matching import Market
from yangguang.rules.runs.matching_types import Applicant, Choice
from yangguang.rules.runs.ranked_round import match_round
from yangguang.rules.runs.ranking import start_programme

Admissions = dict[str, tuple[str, str]]


def market_of(
    applicants: list[Applicant], programmes: list[ProgrammeSeats], looked_at: dict[str, int] | None = None
) -> Market:
    """The same applicants as a bundle has them: scores and draws become places.

    Args:
        looked_at: number of an applicant to how many choices are in the bundle.
    """
    market = Market(map(start_programme, programmes))
    index = {one.programme: i for i, one in enumerate(programmes)}
    order: dict[int, list[Choice]] = {}
    for _, choices in applicants:
        for choice in choices:
            if choice.barred is None:
                order.setdefault(choice.programme, []).append(choice)
    for ranked in order.values():
        ranked.sort(key=lambda choice: (*(-point for point in choice.score), choice.lottery))
    for number, choices in applicants:
        row = []
        for choice in choices[: None if looked_at is None else looked_at[number]]:
            if choice.barred is None and choice.quotas:
                ranked = order[choice.programme]
                group = next(i for i, other in enumerate(ranked) if other.score == choice.score)
                place = ranked.index(choice) + 1
                row.append((index[choice.programme], place, group + 1, frozenset(choice.quotas)))
        market.add_applicant(number, row)
    return market


def with_one_kind_each(applicants: list[Applicant]) -> list[Applicant]:
    """Every applicant is eligible for the same quotas everywhere, as in a bundle."""
    return [
        Applicant(number, tuple(choice._replace(quotas=choices[0].quotas) for choice in choices))
        for number, choices in applicants
    ]


def run(market: Market) -> Admissions:
    market.run()
    return {
        market.names[row]: (market.programmes[number].code, code) for row, (number, code) in market.admissions().items()
    }


def match(applicants: list[Applicant], programmes: list[ProgrammeSeats]) -> Admissions:
    rows = match_round(applicants, programmes).placements
    return {row.number: (str(row.programme), row.quota) for row in rows if row.programme is not None and row.quota}


@settings(max_examples=400)
@given(instances(people=8))
def test_the_replay_finds_the_list_of_the_matching(instance: tuple[list[Applicant], list[ProgrammeSeats]]) -> None:
    applicants, programmes = with_one_kind_each(instance[0]), instance[1]
    assert run(market_of(applicants, programmes)) == match(applicants, programmes)


@settings(max_examples=300)
@given(instances(people=8))
def test_choices_after_the_own_seat_change_nothing(instance: tuple[list[Applicant], list[ProgrammeSeats]]) -> None:
    """A bundle may leave them out, because no applicant ever proposes there."""
    applicants, programmes = with_one_kind_each(instance[0]), instance[1]
    ranks = {row.number: row.rank or len(row.reasons) for row in match_round(applicants, programmes).placements}

    assert run(market_of(applicants, programmes, ranks)) == match(applicants, programmes)


@settings(max_examples=300)
@given(instances(people=8), st.data())
def test_a_row_cut_in_two_after_a_choice_that_failed_changes_nothing(
    instance: tuple[list[Applicant], list[ProgrammeSeats]], data: st.DataObject
) -> None:
    """A bundle may cut rows, because a rejection does not depend on the order of proposals."""
    applicants, programmes = with_one_kind_each(instance[0]), instance[1]
    whole = match(applicants, programmes)
    ranks = {row.number: row.rank or len(row.reasons) for row in match_round(applicants, programmes).placements}
    complete = market_of(applicants, programmes, ranks)
    cut = Market(map(start_programme, programmes))
    for row, number in enumerate(complete.names):
        begin, end = complete.first[row], complete.first[row + 1]
        columns = complete.programme, complete.place, complete.tie_group, complete.quotas
        choices = list(zip(*(column[begin:end] for column in columns), strict=True))
        at = data.draw(st.integers(0, len(choices)))
        cut.add_applicant(f"{number}a", choices[:at])
        cut.add_applicant(f"{number}b", choices[at:])

    assert {name[:-1]: seat for name, seat in run(cut).items()} == whole


@settings(max_examples=300)
@given(instances(people=7))
def test_the_promises_hold_for_the_matching_and_for_no_list_with_one_person_moved(
    instance: tuple[list[Applicant], list[ProgrammeSeats]],
) -> None:
    applicants, programmes = with_one_kind_each(instance[0]), instance[1]
    market = market_of(applicants, programmes)
    run(market)
    seats = market.admissions()

    assert find_faults(market, seats) == []
    for row in seats:
        assert find_faults(market, {key: seat for key, seat in seats.items() if key != row}) != []


def test_a_crowd_of_thousands_with_floors_flows_and_ties() -> None:
    dice = random.Random(7)
    programmes = [
        ProgrammeSeats(
            programme,
            (
                Quota("本市", dice.randrange(9), Mode.AT_LEAST, 1, "普通", dice.choice(list(Tie))),
                Quota("普通", dice.randrange(30), Mode.AT_LEAST, 2, None, dice.choice(list(Tie))),
            ),
            dice.choice([None, None, 20]),
        )
        for programme in range(60)
    ]
    applicants = []
    for i in range(3000):
        score, kinds = (dice.randrange(80),), dice.choice([("普通",), ("普通", "本市")])
        order = dice.sample(range(60), 5)
        applicants.append(Applicant(f"N{i:04}", tuple(Choice(n, score, f"{i * 7919 % 3001:04}", kinds) for n in order)))

    assert run(market_of(applicants, programmes)) == match(applicants, programmes)


def test_the_digest_written_out_is_the_standard_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str, data: bytes) -> None:
        raise ValueError(name)

    for size in (0, 3, 55, 56, 64, 200):
        text = bytes(range(size))
        assert replay.sm3_hex(text) == sm3.sm3(text).hex()
        with monkeypatch.context() as without:
            without.setattr(hashlib, "new", unknown)
            assert replay.sm3_hex(text) == sm3.sm3(text).hex()


def test_the_file_contains_the_published_matching_to_the_letter() -> None:
    script = build_script().decode()

    assert script.count(inspect.getsource(matching)) == 1
    assert script.startswith("#!/usr/bin/env python3\n" + inspect.getsource(matching))


def test_of_the_other_modules_only_the_imports_between_them_are_missing() -> None:
    script = build_script().decode().splitlines()

    for module in (sm3, bundle_format, replay):
        source = OWN_IMPORT.sub("", inspect.getsource(module))
        assert [line for line in source.splitlines() if line not in script] == []

    assert [line for line in script if line.startswith(("from yangguang", "import yangguang"))] == []


def test_it_is_one_file_for_python_3_8_that_imports_the_standard_library_only() -> None:
    tree = ast.parse(build_script().decode(), feature_version=(3, 8))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
    }

    assert imported <= {
        "__future__",
        "array",
        "collections",
        "hashlib",
        "io",
        "json",
        "operator",
        "re",
        "struct",
        "sys",
        "typing",
        "zipfile",
        "zlib",
    }
    later = {"removeprefix", "removesuffix", "bit_count", "pairwise", "batched"}

    assert not later & {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not any(word.arg == "strict" for word in ast.walk(tree) if isinstance(word, ast.keyword))


def test_no_later_definition_hides_an_earlier_one() -> None:
    tree = ast.parse(build_script().decode())
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    names += [
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]

    assert len(names) == len(set(names))


def test_it_runs_in_an_isolated_python(tmp_path: Path) -> None:
    (tmp_path / "replay.py").write_bytes(build_script())

    done = subprocess.run(
        [sys.executable, "-I", "replay.py", "missing.zip"], cwd=tmp_path, capture_output=True, timeout=60
    )

    assert (done.returncode, done.stderr) == (2, b"")
    assert "打不开 missing.zip" in done.stdout.decode()
