"""The engine against the published reference over whole frozen rounds: all answers, cuts and flows, one hash."""

import pytest
from hypothesis import given, settings

from tests.engine.frozen import Round, texts
from yangguang.actions.runs.results import answer, hash_of, of_outcome, output_hash
from yangguang.actions.runs.setup import FAST, REFERENCE
from yangguang.engine.input import ApplicantColumns, Irregular, build_problem
from yangguang.engine.matcher import match_problem
from yangguang.engine.results import Results, build_results
from yangguang.queries.runs.input_columns import read_columns
from yangguang.rules.base.refusals import Refused
from yangguang.rules.runs.matching import match
from yangguang.rules.runs.rank_columns import Seats


def said(found: Results) -> dict[str, object]:
    """Everything in an answer, reasons as words."""
    return {
        "choice": found.choice.tolist(), "bucket": found.bucket.tolist(), "place": found.place.tolist(),
        "reason": [found.words[word] for word in found.reason.tolist()], "cuts": found.cuts, "flows": found.flows,
    }  # fmt: skip


def computed(case: Round) -> Results:
    posed = build_problem(case.people, case.head.seats)
    return build_results(case.people, posed, match_problem(posed.problem))


@given(texts())
@settings(max_examples=300, deadline=None)
def test_the_engine_gives_the_answers_of_the_reference_to_the_last_row(text: str) -> None:
    case = Round.read(text)
    outcome = match(case.rows.applicants, case.rows.seats)
    seats = Seats(case.head.seats)
    found = computed(case)
    assert said(found) == said(of_outcome(outcome, case.people, seats))
    digest = hash_of(case.people, case.head.codes, seats, found)
    assert digest == output_hash(outcome.placements, case.rows.codes)


@given(texts())
@settings(max_examples=100, deadline=None)
def test_the_columns_hold_what_the_rows_hold(text: str) -> None:
    case = Round.read(text)
    people: ApplicantColumns = case.people
    scores, counts = people.scored()
    assert [number.decode() for number in people.numbers] == [one.number for one in case.rows.applicants]
    for i, (number, wishes) in enumerate(case.rows.applicants):
        own = slice(people.first[i], people.first[i + 1])
        assert [line + 1 for line in people.line[own]] == [wish.line for wish in wishes]
        bars = [None if bar < 0 else people.bars[bar] for bar in people.barred[own]]
        assert bars == [wish.barred for wish in wishes]
        assert people.kind_sets[people.kinds[i]] == wishes[0].buckets
        assert [tuple(p for p in row if p >= 0) for row in scores[counts[own]].tolist()] == [
            wish.score for wish in wishes
        ]
        assert people.draws[i].tobytes().hex() == wishes[0].lottery
        assert bool(people.locked[i]) == (number in case.rows.locked)


HEAD = [
    "yangguang-run\t1", "round\t2024\tAUTUMN\t2\tranked", "lottery\tc0ffee", "line\tA\t-\t0\t-",
    "bucket\tA\tlocal\t1\texactly\t1\t-\tlottery", "bucket\tA\tgeneral\t1\tat_least\t2\t-\tlottery",
]  # fmt: skip
DRAW, OTHER = "0a" * 32, "0b" * 32


def person(number: str, *, draw: str = DRAW, kinds: str = "general", choices: str = "A") -> str:
    return f"person\t{number}\t500\t{draw}\t{kinds}\t0\t{choices}"


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([person("N1"), person("N2")], "分数和抽签号都相同"),
        ([person("N1", choices="A A")], "把同一计划行填了两次"),
        ([person("N1", kinds="general,local")], "同时列入"),
    ],
    ids=["two whom nothing separates", "a line twice", "a confined group in a second bucket"],
)
def test_what_the_reference_refuses_is_irregular_and_gets_its_sentence(
    rows: list[str], sentence: str
) -> None:
    case = Round.read("\n".join([*HEAD, *rows, ""]))
    with pytest.raises(Irregular):
        build_problem(case.people, case.head.seats)
    for engine in (FAST, REFERENCE):
        with pytest.raises(Refused, match=sentence):
            answer(case.plain, case.head, case.people, engine)


@pytest.mark.parametrize(
    "rows",
    [
        [person("N2"), person("N1", draw=OTHER)],
        [person("N1"), person("N1", draw=OTHER)],
        [person("N1", draw="xyz")],
        [person("N1", draw=DRAW.upper())],
        [person("N1") + "\tmore"],
        [person("N1", choices="A+05")],
        [person("N1", choices="A+5:origin")],
        [person("N1", choices="A+5:")],
        [person("N1", choices="A+")],
        [person("N1", choices="A+99999")],
    ],
    ids=[
        "unsorted",
        "a number twice",
        "no draw",
        "another spelling of a draw",
        "a cell too many",
        "another spelling of a bonus",
        "a bonus for nothing",
        "a bar that is none",
        "no points",
        "too many points",
    ],
)
def test_a_text_that_is_not_canonical_is_not_read(rows: list[str]) -> None:
    with pytest.raises(Irregular):
        read_columns("\n".join([*HEAD, *rows, ""]).encode())


def test_a_round_without_anybody_has_cuts_and_the_hash_of_an_empty_list() -> None:
    case = Round.read("\n".join([*HEAD, ""]))
    found = computed(case)
    outcome = match([], case.rows.seats)
    assert (found.cuts, found.flows, len(found.reason)) == (outcome.cuts, outcome.flows, 0)
    digest = hash_of(case.people, case.head.codes, Seats(case.head.seats), found)
    assert digest == output_hash(outcome.placements, case.rows.codes)
