"""The engine against the published reference over whole frozen rounds: all answers, cuts and flows, one hash."""

import pytest
from hypothesis import given, settings

from tests.engine.frozen import Round, output_hash, texts
from yangguang.actions.runs import results
from yangguang.actions.runs.results import compute_results, hash_results, results_from_outcome
from yangguang.actions.runs.setup import FAST, REFERENCE
from yangguang.engine.input import ApplicantColumns, Irregular, build_problem
from yangguang.engine.matcher import match_problem
from yangguang.engine.results import Results, build_results
from yangguang.queries.runs.input_columns import read_columns
from yangguang.rules.base.refusals import Refused
from yangguang.rules.runs.ranked_round import match_round


def as_values(results: Results) -> dict[str, object]:
    """Everything in the results, reasons as words."""
    return {
        "choice": results.choice.tolist(),
        "quota": results.quota.tolist(),
        "place": results.place.tolist(),
        "reason": [results.words[word] for word in results.reason.tolist()],
        "cutoffs": results.cutoffs,
        "flows": results.flows,
    }


def computed(case: Round) -> Results:
    round = build_problem(case.people, case.head.seats)
    return build_results(case.people, round, match_problem(round.problem))


@given(texts())
@settings(max_examples=300)
def test_the_engine_gives_the_answers_of_the_reference_to_the_last_row(text: str) -> None:
    case = Round.read(text)
    outcome = match_round(case.rows.applicants, case.rows.seats)
    results = computed(case)

    assert as_values(results) == as_values(results_from_outcome(outcome, case.people, results.quotas))
    digest = hash_results(case.people, case.head.codes, results)

    assert digest == output_hash(outcome.placements, case.rows.codes)


@given(texts())
@settings(max_examples=100)
def test_the_columns_hold_what_the_rows_hold(text: str) -> None:
    case = Round.read(text)
    people: ApplicantColumns = case.people
    scores, rows = people.scores_with_bonus()

    assert [number.decode() for number in people.numbers] == [one.number for one in case.rows.applicants]
    for i, (number, choices) in enumerate(case.rows.applicants):
        own = slice(people.first[i], people.first[i + 1])
        assert [at + 1 for at in people.programme[own]] == [choice.programme for choice in choices]
        bars = [None if bar < 0 else people.bars[bar] for bar in people.barred[own]]
        assert bars == [choice.barred for choice in choices]
        assert people.kind_sets[people.kinds[i]] == choices[0].quotas
        assert [tuple(p for p in row if p >= 0) for row in scores[rows[own]].tolist()] == [
            choice.score for choice in choices
        ]
        assert people.draws[i].tobytes().hex() == choices[0].lottery
        assert bool(people.locked[i]) == (number in case.rows.locked)


HEAD = [
    "yangguang-run\t1",
    "round\t2024\tAUTUMN\t2\tranked",
    "lottery\tc0ffee",
    "programme\tA\t-\t0\t-",
    "quota\tA\tlocal\t1\texactly\t1\t-\tlottery",
    "quota\tA\tgeneral\t1\tat_least\t2\t-\tlottery",
]
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
    ids=["two whom nothing separates", "a line twice", "a confined group in a second quota"],
)
def test_what_the_reference_refuses_is_irregular_and_gets_its_sentence(rows: list[str], sentence: str) -> None:
    case = Round.read("\n".join([*HEAD, *rows, ""]))
    with pytest.raises(Irregular):
        build_problem(case.people, case.head.seats)
    for engine in (FAST, REFERENCE):
        with pytest.raises(Refused, match=sentence):
            compute_results(case.plain, case.head, case.people, engine)


def test_the_reference_computes_without_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the engine")

    case = Round.read("\n".join([*HEAD, person("N1"), ""]))
    monkeypatch.setattr(results, "match_problem", fail)

    assert compute_results(case.plain, case.head, case.people, REFERENCE).choice.tolist() == [0]
    with pytest.raises(RuntimeError, match="the engine"):
        compute_results(case.plain, case.head, case.people, FAST)


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
    results = computed(case)
    outcome = match_round([], case.rows.seats)

    assert (results.cutoffs, results.flows, len(results.reason)) == (outcome.cutoffs, outcome.flows, 0)
    digest = hash_results(case.people, case.head.codes, results)

    assert digest == output_hash(outcome.placements, case.rows.codes)
