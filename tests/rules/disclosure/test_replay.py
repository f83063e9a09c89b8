"""The public replay against the matching, sentence by sentence; it shares no line of code with it."""

import ast
import hashlib
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.oracle import instances
from yangguang.rules.audit import sm3
from yangguang.rules.disclosure import replay
from yangguang.rules.disclosure.replay import Market, broken_promises
from yangguang.rules.plans.quotas import Mode, ProgrammeSeats, Quota, Tie
from yangguang.rules.runs.matching import match
from yangguang.rules.runs.matching_types import Applicant, Choice

SOURCE = Path(replay.__file__)
Seats = dict[str, tuple[str, str]]


def lines_of(lines: list[ProgrammeSeats]) -> list[replay.Line]:
    return [
        replay.Line(
            f"L{line.line}",
            [
                replay.Bucket(b.code, b.seats, b.priority, b.flows_to or "", b.tie is Tie.ALL_WAIT)
                for b in line.buckets
            ],
            line.cap,
        )
        for line in lines
    ]


def market_of(
    applicants: list[Applicant], lines: list[ProgrammeSeats], asked: dict[str, int] | None = None
) -> Market:
    """The same people for the replay: scores and draws become places. `asked`: how many choices to tell."""
    market = Market(lines_of(lines))
    order: dict[int, list[Choice]] = {}
    for _, wishes in applicants:
        for wish in wishes:
            if wish.barred is None:
                order.setdefault(wish.line, []).append(wish)
    for ranked in order.values():
        ranked.sort(key=lambda wish: (*(-point for point in wish.score), wish.lottery))
    for number, wishes in applicants:
        choices = []
        for wish in wishes[: None if asked is None else asked[number]]:
            if wish.barred is None and wish.buckets:
                ranked = order[wish.line]
                group = next(i for i, other in enumerate(ranked) if other.score == wish.score)
                choices.append((wish, ranked.index(wish) + 1, group + 1))
        by_kinds = {frozenset(wish.buckets) for wish, _, _ in choices}
        kinds = ",".join(sorted(set().union(*by_kinds)))
        market.add(number, kinds, [(f"L{wish.line}", place, group) for wish, place, group in choices])
    return market


def one_kind_each(applicants: list[Applicant]) -> list[Applicant]:
    """Everybody is open to the same kinds everywhere, as in a bundle."""
    return [
        Applicant(number, tuple(wish._replace(buckets=wishes[0].buckets) for wish in wishes))
        for number, wishes in applicants
    ]


def played(market: Market) -> Seats:
    for _ in market.rounds():
        pass
    return {market.ids[row]: (market.lines[n].code, kind) for row, (n, kind) in market.seated().items()}


def matched(applicants: list[Applicant], lines: list[ProgrammeSeats]) -> Seats:
    rows = match(applicants, lines).placements
    return {row.number: (f"L{row.line}", row.bucket) for row in rows if row.line is not None and row.bucket}


@settings(max_examples=400, deadline=None)
@given(instances(people=8))
def test_the_replay_finds_the_list_of_the_matching(
    instance: tuple[list[Applicant], list[ProgrammeSeats]],
) -> None:
    applicants, lines = one_kind_each(instance[0]), instance[1]
    assert played(market_of(applicants, lines)) == matched(applicants, lines)


@settings(max_examples=300, deadline=None)
@given(instances(people=8))
def test_choices_after_the_own_seat_change_nothing(
    instance: tuple[list[Applicant], list[ProgrammeSeats]],
) -> None:
    """Why a bundle may leave them out: nobody ever asks there."""
    applicants, lines = one_kind_each(instance[0]), instance[1]
    ranks = {row.number: row.rank or len(row.reasons) for row in match(applicants, lines).placements}
    assert played(market_of(applicants, lines, ranks)) == matched(applicants, lines)


@settings(max_examples=300, deadline=None)
@given(instances(people=8), st.data())
def test_a_row_cut_in_two_after_a_choice_that_failed_changes_nothing(
    instance: tuple[list[Applicant], list[ProgrammeSeats]], data: st.DataObject
) -> None:
    """Why a bundle may cut the rows of a few people: who is turned away stays so, whoever asks first."""
    applicants, lines = one_kind_each(instance[0]), instance[1]
    whole = matched(applicants, lines)
    ranks = {row.number: row.rank or len(row.reasons) for row in match(applicants, lines).placements}
    told = market_of(applicants, lines, ranks)
    cut = Market(lines_of(lines))
    for row, number in enumerate(told.ids):
        spans = range(told.first[row], told.first[row + 1])
        choices = [(told.lines[told.line[i]].code, told.place[i], told.group[i]) for i in spans]
        at = data.draw(st.integers(0, len(choices)))
        kinds = ",".join(told.kinds[row])
        cut.add(f"{number}a", kinds, choices[:at])
        cut.add(f"{number}b", kinds, choices[at:])
    assert {name[:-1]: seat for name, seat in played(cut).items()} == whole


@settings(max_examples=300, deadline=None)
@given(instances(people=7))
def test_the_promises_hold_for_the_matching_and_for_no_list_with_one_person_moved(
    instance: tuple[list[Applicant], list[ProgrammeSeats]],
) -> None:
    applicants, lines = one_kind_each(instance[0]), instance[1]
    market = market_of(applicants, lines)
    played(market)
    seats = market.seated()
    assert broken_promises(market, seats) == []
    for row in seats:
        assert broken_promises(market, {key: seat for key, seat in seats.items() if key != row}) != []


def test_a_crowd_of_thousands_with_floors_flows_and_ties() -> None:
    dice = random.Random(7)
    lines = [
        ProgrammeSeats(
            line,
            (
                Quota("本市", dice.randrange(9), Mode.AT_LEAST, 1, "普通", dice.choice(list(Tie))),
                Quota("普通", dice.randrange(30), Mode.AT_LEAST, 2, None, dice.choice(list(Tie))),
            ),
            dice.choice([None, None, 20]),
        )
        for line in range(60)
    ]
    applicants = []
    for i in range(3000):
        score, kinds = (dice.randrange(80),), dice.choice([("普通",), ("普通", "本市")])
        order = dice.sample(range(60), 5)
        applicants.append(
            Applicant(f"N{i:04}", tuple(Choice(n, score, f"{i * 7919 % 3001:04}", kinds) for n in order))
        )
    assert played(market_of(applicants, lines)) == matched(applicants, lines)


def test_the_digest_written_out_is_the_standard_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str, data: bytes) -> None:
        raise ValueError(name)

    for size in (0, 3, 55, 56, 64, 200):
        text = bytes(range(size))
        assert replay.sm3(text) == sm3.sm3(text).hex()
        with monkeypatch.context() as without:
            without.setattr(hashlib, "new", unknown)
            assert replay.sm3(text) == sm3.sm3(text).hex()


def test_it_is_one_file_for_python_3_8_that_imports_the_standard_library_only() -> None:
    tree = ast.parse(SOURCE.read_text(), feature_version=(3, 8))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    }
    assert imported <= {
        "__future__", "array", "collections", "hashlib", "io", "json", "re", "struct", "sys", "typing", "zipfile",
        "zlib",
    }  # fmt: skip
    later = {"removeprefix", "removesuffix", "bit_count", "pairwise", "batched"}
    assert not later & {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not any(word.arg == "strict" for word in ast.walk(tree) if isinstance(word, ast.keyword))
