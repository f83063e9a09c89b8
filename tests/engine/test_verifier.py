"""The counting verifier against the published one, on right results and on wrong ones of every kind."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.frozen import DRAWING, Round, texts
from yangguang.actions.runs.verification import list_placements, read_result
from yangguang.engine.tsv_reader import as_text
from yangguang.engine.verifier import count_violations
from yangguang.gateways.ciphers import sm3
from yangguang.rules.runs.eligibility import DEDICATED
from yangguang.rules.runs.lottery import draw
from yangguang.rules.runs.matching_types import Placement
from yangguang.rules.runs.published_properties import Drawing, Property
from yangguang.rules.runs.ranked_round import match_round
from yangguang.rules.runs.verification import verify

Row = tuple[str, int | None, int | None, str | None]
Counts = dict[Property, int]


def right(case: Round) -> list[Row]:
    outcome = match_round(case.rows.applicants, case.rows.seats)
    return [(row.number, row.rank, row.programme, row.quota) for row in outcome.placements]


def both(case: Round, rows: list[Row], drawing: Drawing = DRAWING) -> tuple[Counts, Counts]:
    """What the fast verifier counts and what the published one counts, both from the rows as they are stored."""
    lines = {n: 100 + n for n in range(1, len(case.head.codes) + 1)}
    keys = [(one.programme, quota.code) for one in case.head.seats for quota in one.quotas]
    quotas = {key: 1000 + i for i, key in enumerate(keys)}
    spelled = []
    for number, rank, line, quota in rows:
        cells = (rank, line and lines[line], quotas.get((line or 0, quota or ""), 9) if line else None)
        spelled.append("\t".join([number, *("\\N" if cell is None else str(cell) for cell in cells)]))
    stored = as_text("".join(row + "\n" for row in spelled).encode())
    result = read_result(stored, case.people, case.head, lines, quotas)
    counted = count_violations(
        case.people,
        case.head.seats,
        result,
        stopped=case.head.stopped,
        capped=case.head.capped,
        drawing=drawing,
        special=DEDICATED[0],
    )
    report = verify(
        case.rows.applicants,
        case.rows.seats,
        list_placements(stored, case.rows.codes, lines, quotas),
        stopped=case.rows.stopped,
        capped=case.rows.capped,
        drawing=drawing,
        locked=case.rows.locked,
        special=case.rows.special,
    )
    return counted, {verdict.property: verdict.violations for verdict in report.verdicts}


@given(texts())
@settings(max_examples=150)
def test_a_right_result_is_counted_as_the_published_verifier_counts_it(text: str) -> None:
    case = Round.read(text)
    counted, published = both(case, right(case))

    assert counted == published
    decided_inside = {Property.P1, Property.P2, Property.P3, Property.P4, Property.P5, Property.P6, Property.P8}

    assert {promise: counted[promise] for promise in decided_inside} == dict.fromkeys(decided_inside, 0)


@given(texts(), st.data())
@settings(max_examples=400)
def test_any_result_at_all_is_counted_as_the_published_verifier_counts_it(text: str, data: st.DataObject) -> None:
    """Everyone anywhere: on lines not chosen, in quotas not open or not there, twice, not at all, strangers."""
    case = Round.read(text)
    codes = sorted({quota.code for one in case.head.seats for quota in one.quotas})
    rows = []
    for row in [*right(case), ("STRANGER", None, None, None), ("Z", None, None, None)]:
        for _ in range(data.draw(st.sampled_from([1, 1, 1, 1, 0, 2]))):
            kind = data.draw(st.sampled_from(["kept", "kept", "anywhere", "nowhere"]))
            if kind == "anywhere":
                line = data.draw(st.integers(1, len(case.head.codes)))
                seat = (data.draw(st.integers(1, 3)), line, data.draw(st.sampled_from(codes)))
                rows.append((row[0], *seat))
            else:
                rows.append(row if kind == "kept" else (row[0], None, None, None))
    counted, published = both(case, rows)

    assert counted == published


HEAD = """yangguang-run\t1
round\t2024\tAUTUMN\t2\tranked
lottery\tc0ffee
programme\tA\t-\t0\t-
quota\tA\tdedicated\t1\texactly\t1\t-\tlottery
quota\tA\tgeneral\t1\tat_least\t2\t-\tlottery
programme\tB\t-\t0\t2
quota\tB\tgeneral\t3\tat_least\t1\t-\tall_wait
programme\tC\t-\t1\t-
quota\tC\tgeneral\t1\tat_least\t1\t-\tlottery
"""


def person(number: str, score: int, choices: str, kinds: str = "general", locked: int = 0) -> str:
    drawn = draw(DRAWING.seed, number, sm3)
    return f"person\t{number}\t{score}\t{drawn}\t{kinds}\t{locked}\t{choices}\n"


TEXT = HEAD + "".join(
    [
        person("N1", 90, "A B"),
        person("N2", 80, "A B"),
        person("N3", 70, "B A:origin"),
        person("N4", 60, "B C:stopped"),
        person("N5", 50, "A", "dedicated"),
        person("N6", 99, "A:has_seat", locked=1),
    ]
)
GOOD: list[Row] = [
    ("N1", 1, 1, "general"),
    ("N2", 2, 2, "general"),
    ("N3", 1, 2, "general"),
    ("N4", 1, 2, "general"),
    ("N5", 1, 1, "dedicated"),
    ("N6", None, None, None),
]
FINE = TEXT.replace("programme\tB\t-\t0\t2", "programme\tB\t-\t0\t3")


def swapped(*rows: Row) -> list[Row]:
    named = {row[0] for row in rows}
    return sorted([*(row for row in GOOD if row[0] not in named), *rows], key=lambda row: row[0])


WRONG: list[tuple[str, str, list[Row], Counts]] = [
    ("nothing wrong", FINE, GOOD, {}),
    ("passed over", FINE, swapped(("N1", 2, 2, "general"), ("N2", 1, 1, "general")), {Property.P1: 1}),
    ("an idle seat", FINE, swapped(("N4", None, None, None)), {Property.P2: 1}),
    ("over a sanction", TEXT, GOOD, {Property.P7: 1}),
    ("a row missing", FINE, [row for row in GOOD if row[0] != "N6"], {Property.P4: 1}),
    ("a row twice", FINE, [*GOOD, GOOD[5]], {Property.P4: 2}),
    ("a stranger", FINE, [*GOOD, ("N9", None, None, None)], {Property.P4: 1}),
    ("a wrong rank", FINE, swapped(("N3", 2, 2, "general")), {Property.P5: 1}),
    (
        "not chosen, not open, a stopped school",
        FINE,
        swapped(("N6", 1, 3, "general")),
        {Property.P5: 1, Property.P7: 1, Property.P9: 1},
    ),
    (
        "barred and locked",
        FINE,
        swapped(("N1", 2, 2, "general"), ("N4", None, None, None), ("N6", 1, 1, "general")),
        {Property.P2: 1, Property.P6: 1, Property.P9: 1},
    ),
    (
        "another group in the dedicated class",
        FINE,
        swapped(("N1", 1, 1, "dedicated"), ("N2", 1, 1, "general"), ("N5", None, None, None)),
        {Property.P1: 1, Property.P2: 1, Property.P6: 1, Property.P10: 1},
    ),
]


@pytest.mark.parametrize(("text", "rows", "violations"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_a_result_broken_by_hand_breaks_the_same_promises_for_both(
    text: str, rows: list[Row], violations: Counts
) -> None:
    counted, published = both(Round.read(text), rows)

    assert counted == published
    assert {promise: number for promise, number in counted.items() if number} == violations


def test_one_too_many_in_a_quota_and_in_a_line_are_two_findings() -> None:
    rows = swapped(("N2", 1, 1, "general"))
    counted, published = both(Round.read(FINE), rows)

    assert counted == published
    assert counted[Property.P3] == 2


SPOIL: list[tuple[Callable[[str], str], Drawing, int]] = [
    (lambda text: text, DRAWING._replace(commitment="0" * 64), 1),
    (lambda text: text.replace(draw(DRAWING.seed, "N2", sm3), "00" * 32), DRAWING, 2),
]


@pytest.mark.parametrize(("spoil", "drawing", "broken"), SPOIL, ids=["another seed", "another draw"])
def test_a_lottery_that_does_not_open_or_recompute_is_counted(
    spoil: Callable[[str], str], drawing: Drawing, broken: int
) -> None:
    counted, published = both(Round.read(spoil(FINE)), GOOD, drawing)

    assert counted == published
    assert counted[Property.P8] == broken


def test_the_stored_rows_come_back_for_the_published_verifier_as_they_are() -> None:
    stored = as_text(b"N1\t1\t101\t1000\nN2\t\\N\t\\N\t\\N\nN3\t2\t777\t\\N\n")
    rows = list(list_placements(stored, ["A"], {1: 101}, {(1, "general"): 1000}))

    assert rows == [Placement("N1", 1, 1, "general"), Placement("N2", None, None, None), Placement("N3", 2, 0, "")]
