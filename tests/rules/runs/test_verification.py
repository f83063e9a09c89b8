"""The verifier accepts every result of the matching, and names every kind of wrong result."""

import random
from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.rules.oracle import asking_for, choose, instances, is_stable
from yangguang.rules.audit.sm3 import sm3
from yangguang.rules.plans.quotas import Mode, ProgrammeSeats, Quota, Tie
from yangguang.rules.runs.lottery import commitment, draw
from yangguang.rules.runs.matching_types import Applicant, Choice, Placement
from yangguang.rules.runs.ranked_round import match_round
from yangguang.rules.runs.verification import (
    Drawing,
    Property,
    PropertyState,
    Report,
    Violation,
    find_dependent_programmes,
    verify,
)
from yangguang.rules.runs.verification_view import VerificationView

Instance = tuple[list[Applicant], list[ProgrammeSeats]]

SEED = bytes(range(32))
OPENED = Drawing(SEED, commitment(SEED, sm3), sm3)


def person(number: str, score: int, *programmes: int, quotas: tuple[str, ...] = ("普通",)) -> Applicant:
    lottery = draw(SEED, number, sm3)
    return Applicant(number, tuple(Choice(programme, (score,), lottery, quotas) for programme in programmes))


PEOPLE = [
    person("N1", 90, 1, 2),
    person("N2", 80, 1, 2),
    person("N3", 70, 2, 1),
    person("N4", 60, 2, 1, 3),
    person("N5", 50, 3, 1),
    person("N6", 95, 1, quotas=("特教",)),
]
LINES = [
    ProgrammeSeats(
        1, (Quota("特教", 2, Mode.EXACTLY, 1, None, Tie.LOTTERY), Quota("普通", 1, Mode.AT_LEAST, 2, None, Tie.LOTTERY))
    ),
    ProgrammeSeats(2, (Quota("普通", 2, Mode.AT_LEAST, 1, None, Tie.ALL_WAIT),)),
    ProgrammeSeats(3, (Quota("普通", 3, Mode.AT_LEAST, 1, None, Tie.LOTTERY),), 2),
]
GOOD = {row.number: row for row in match_round(PEOPLE, LINES).placements}
SPECIAL = {"特教": {"N6"}}


def broken(report: Report) -> set[Property]:
    return {verdict.property for verdict in report.verdicts if verdict.state is PropertyState.BROKEN}


def changed(**rows: Placement | None) -> list[Placement]:
    """The right result with some rows replaced, or taken out."""
    return [row for row in ({**GOOD, **rows}).values() if row is not None]


def seat(number: str, rank: int, programme: int, quota: str = "普通") -> Placement:
    return Placement(number, rank, programme, quota)


def nothing(number: str) -> Placement:
    return Placement(number, None, None, None)


def test_the_right_result_keeps_all_ten_promises() -> None:
    seats = {number: (row.programme, row.quota) for number, row in GOOD.items()}

    assert seats == {
        "N1": (1, "普通"),
        "N2": (2, "普通"),
        "N3": (2, "普通"),
        "N4": (3, "普通"),
        "N5": (3, "普通"),
        "N6": (1, "特教"),
    }
    report = verify(PEOPLE, LINES, GOOD.values(), capped={3: 2}, drawing=OPENED, locked={"N9"}, special=SPECIAL)

    assert [(verdict.property, verdict.state, verdict.violations) for verdict in report.verdicts] == [
        (number, PropertyState.HOLDS, 0) for number in Property
    ]
    assert (report.is_valid, report.is_complete, report.withheld) == (True, True, frozenset())


def test_a_sealed_lottery_leaves_its_promise_unchecked() -> None:
    report = verify(PEOPLE, LINES, GOOD.values())

    assert [verdict.property for verdict in report.verdicts if verdict.state is PropertyState.UNCHECKED] == [
        Property.P8
    ]
    assert (report.is_valid, report.is_complete) == (True, False)


@given(instances(people=8, count=4), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_every_result_of_the_matching_is_accepted(instance: Instance, chance: random.Random) -> None:
    applicants, programmes = instance
    placements = list(match_round(applicants, programmes).placements)
    chance.shuffle(placements)

    assert verify(applicants, programmes, placements).violations == ()


@given(instances(people=6), st.data())
@settings(max_examples=250)
def test_a_result_is_accepted_exactly_when_it_is_stable(instance: Instance, data: st.DataObject) -> None:
    """Any seating: every applicant on any own programme, in the quota the programme would use, or in any other."""
    applicants, programmes = instance
    at = {
        number: data.draw(st.sampled_from([None, *(choice.programme for choice in choices if choice.barred is None)]))
        for number, choices in applicants
    }
    taken = {
        programme.programme: choose(programme, asking_for(programme.programme, applicants, at))[0]
        for programme in programmes
    }
    rows = []
    for number, choices in applicants:
        programme = at[number]
        if programme is None:
            rows.append(nothing(number))
            continue
        rank = next(rank for rank, choice in enumerate(choices, 1) if choice.programme == programme)
        fallback = choices[rank - 1].quotas
        rows.append(Placement(number, rank, programme, taken[programme].get(number, sorted(fallback)[0])))

    assert verify(applicants, programmes, rows).is_valid == is_stable(applicants, programmes, at)


WRONG: list[tuple[str, Property, list[Placement]]] = [
    ("the better one passed over", Property.P1, changed(N1=seat("N1", 2, 2), N2=seat("N2", 1, 1))),
    ("a seat idle while one waits", Property.P2, changed(N5=nothing("N5"))),
    ("a quota overfull", Property.P3, changed(N2=seat("N2", 1, 1))),
    ("two results for one person", Property.P4, [*changed(), seat("N4", 2, 1)]),
    ("no result for a person", Property.P4, changed(N4=None)),
    ("a result for a stranger", Property.P4, changed(N9=nothing("N9"))),
    ("a programme never chosen", Property.P5, changed(N1=seat("N1", 1, 3))),
    ("another rank than chosen", Property.P5, changed(N4=seat("N4", 1, 3))),
    ("a quota the person is not eligible for", Property.P6, changed(N2=seat("N2", 1, 1, "特教"))),
    ("a quota the programme does not have", Property.P6, changed(N4=seat("N4", 3, 3, "定向"))),
    ("a person outside the dedicated class in it", Property.P10, changed(N2=seat("N2", 1, 1, "特教"))),
    ("a person of the dedicated class elsewhere", Property.P10, changed(N6=seat("N6", 1, 1))),
]


@pytest.mark.parametrize(("promise", "rows"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_result_broken_by_hand_is_named(promise: Property, rows: list[Placement]) -> None:
    report = verify(PEOPLE, LINES, rows, drawing=OPENED, special=SPECIAL)

    assert promise in broken(report)
    assert not report.is_valid
    assert all(violation.sentence for violation in report.violations)


def test_a_sentence_names_the_persons_and_the_line() -> None:
    report = verify(PEOPLE, LINES, changed(N1=seat("N1", 2, 2), N2=seat("N2", 1, 1)))
    sentence = "报名号N1排在报名号N2之前，后者占了计划行1“普通”的名额，前者没有"

    assert report.violations == (Violation(Property.P1, 1, "N1", sentence),)


def test_a_sentence_uses_the_names_people_know() -> None:
    named = ProgrammeSeats(2, (Quota("general", 2, Mode.AT_LEAST, 1, None, Tie.LOTTERY, "普通"),), name="演示学校·护理")
    people = [person("A", 9, 2, quotas=("general",))]
    (violation,) = verify(people, [named], [nothing("A")]).violations

    assert violation.sentence == "演示学校·护理“普通”还有2个名额空着，报名号A符合条件却没有录取"


def test_splitting_a_tied_group_that_had_to_wait_is_named() -> None:
    people = [person("A", 80, 2), person("B", 80, 2), person("C", 80, 2)]
    rows = [seat("A", 1, 2), seat("B", 1, 2), nothing("C")]
    report = verify(people, LINES, rows)

    assert broken(report) == {Property.P1}
    assert report.violations[0].sentence == "报名号C与报名号A同分，计划行2“普通”只录取了后者"
    assert verify(people, LINES, [nothing(number) for number in "ABC"]).is_valid


def test_the_worse_draw_before_the_better_one_is_named() -> None:
    people = [person(number, 80, 1) for number in ("A", "B")]
    first, second = sorted(people, key=lambda each: each.choices[0].lottery)
    right = [seat(first.number, 1, 1), nothing(second.number)]
    wrong = [seat(second.number, 1, 1), nothing(first.number)]

    assert verify(people, LINES, right).is_valid
    assert broken(verify(people, LINES, wrong)) == {Property.P1}


def test_a_barred_person_with_a_seat_is_named() -> None:
    barred = PEOPLE[4]._replace(choices=(PEOPLE[4].choices[0]._replace(barred="origin"), PEOPLE[4].choices[1]))
    report = verify([*PEOPLE[:4], barred, PEOPLE[5]], LINES, GOOD.values())

    assert broken(report) == {Property.P6}


def test_a_cap_of_the_line_counts_over_all_its_quotas() -> None:
    capped = [ProgrammeSeats(1, LINES[0].quotas, 1), *LINES[1:]]
    assert Property.P3 in broken(verify(PEOPLE, capped, GOOD.values()))


def test_more_than_the_flow_left_is_named() -> None:
    local = Quota("本市", 2, Mode.AT_LEAST, 1, "普通", Tie.LOTTERY)
    programme = ProgrammeSeats(1, (local, Quota("普通", 0, Mode.AT_LEAST, 2, None, Tie.LOTTERY)))
    people = [person("A", 90, 1), person("B", 80, 1), person("C", 10, 1, quotas=("本市",))]

    assert verify(people, [programme], match_round(people, [programme]).placements).is_valid
    wrong = [seat("A", 1, 1), seat("B", 1, 1), nothing("C")]

    assert broken(verify(people, [programme], wrong)) == {Property.P2, Property.P3}


@pytest.mark.parametrize(
    ("measures", "promise"),
    [({"stopped": {2}}, Property.P7), ({"capped": {2: 1}}, Property.P7), ({"locked": {"N1"}}, Property.P9)],
)
def test_what_was_decided_outside_the_run_is_checked(measures: dict[str, object], promise: Property) -> None:
    verifying: Callable[..., Report] = verify
    assert broken(verifying(PEOPLE, LINES, GOOD.values(), **measures)) == {promise}


def test_a_seed_that_does_not_open_its_commitment_holds_everything_back() -> None:
    report = verify(PEOPLE, LINES, GOOD.values(), drawing=OPENED._replace(commitment="0" * 64))

    assert broken(report) == {Property.P8}
    assert report.withheld == frozenset({1, 2, 3})


def test_a_draw_that_does_not_recompute_is_named() -> None:
    moved = PEOPLE[0]._replace(choices=(PEOPLE[0].choices[0]._replace(lottery="00"), PEOPLE[0].choices[1]))
    report = verify([moved, *PEOPLE[1:]], LINES, GOOD.values(), drawing=OPENED)

    assert broken(report) == {Property.P8}
    assert [(row.programme, row.number) for row in report.violations] == [(1, "N1")]


# What is held back with a violating programme


def test_a_programme_that_no_one_could_move_to_or_from_is_not_withheld() -> None:
    people = [person("A", 90, 1), person("B", 80, 2)]
    report = verify(people, LINES, [nothing("A"), seat("B", 1, 2)])

    assert broken(report) == {Property.P2}
    assert report.withheld == frozenset({1})


def test_the_line_a_wronged_person_would_leave_is_withheld_too() -> None:
    report = verify(PEOPLE, LINES, changed(N1=seat("N1", 2, 2), N2=seat("N2", 1, 1)))
    assert {1, 2} <= report.withheld


def withheld_with(programme: int, people: list[Applicant], programmes: list[ProgrammeSeats]) -> frozenset[int]:
    """What goes with `programme` when the rightly computed result is spread out."""
    return find_dependent_programmes(
        VerificationView(
            people, {each.programme: each for each in programmes}, match_round(people, programmes).placements
        ),
        {programme},
    )


def test_somebody_who_may_have_to_leave_takes_the_line_below_along_only_when_it_would_let_them_in() -> None:
    programmes = [
        ProgrammeSeats(programme, (Quota("普通", 1, Mode.AT_LEAST, 1, None, Tie.LOTTERY),)) for programme in (1, 2)
    ]
    weaker, stronger = person("B", 80, 2), person("B", 99, 2)

    assert withheld_with(1, [person("A", 90, 1, 2), weaker], programmes) == {1, 2}
    assert withheld_with(1, [person("A", 90, 1, 2), stronger], programmes) == {1}
    assert withheld_with(2, [person("A", 90, 1, 2), weaker], programmes) == {2}


def test_a_lent_seat_returns_to_its_owner() -> None:
    local = Quota("本市", 1, Mode.AT_LEAST, 1, "普通", Tie.LOTTERY)
    general = Quota("普通", 0, Mode.AT_LEAST, 2, None, Tie.LOTTERY)
    programmes = [
        ProgrammeSeats(1, (Quota("本市", 1, Mode.AT_LEAST, 1, None, Tie.LOTTERY),)),
        ProgrammeSeats(2, (local, general)),
    ]
    people = [person("A", 10, 1, 2, quotas=("本市",)), person("B", 90, 2)]

    assert withheld_with(1, people, programmes) == {1, 2}


def test_a_tied_group_is_let_in_when_one_of_it_moves_up_so_its_line_is_withheld() -> None:
    programmes = [
        ProgrammeSeats(programme, (Quota("普通", programme, Mode.AT_LEAST, 1, None, Tie.ALL_WAIT),), cap)
        for programme, cap in ((1, 0), (2, 2))
    ]
    people = [person("A", 80, 1, 2), person("B", 80, 2), person("C", 80, 2)]

    assert withheld_with(1, people, programmes) == {1, 2}
    assert withheld_with(1, [person("A", 70, 1, 2), *people[1:]], programmes) == {1}


def test_a_barred_person_who_loses_the_seat_takes_the_next_choice_along() -> None:
    programmes = [
        ProgrammeSeats(programme, (Quota("普通", 1, Mode.AT_LEAST, 1, None, Tie.LOTTERY),)) for programme in (1, 2)
    ]
    plain = person("A", 90, 1, 2)
    barred = plain._replace(choices=(plain.choices[0]._replace(barred="origin"), plain.choices[1]))
    report = verify([barred, person("B", 80, 2)], programmes, [seat("A", 1, 1), seat("B", 1, 2)])

    assert (broken(report), report.withheld) == ({Property.P6}, {1, 2})


@given(instances(people=8, count=5), st.data())
@settings(max_examples=200)
def test_lines_that_are_not_withheld_keep_their_lists_whatever_comes_out(
    instance: Instance, data: st.DataObject
) -> None:
    """One programme was run with wrong seats. Recomputed rightly, only linked programmes may change."""
    applicants, programmes = instance
    assume(len(programmes) > 1)
    faulty = data.draw(st.sampled_from(programmes))
    cap = data.draw(st.integers(0, 4))
    seen = [
        ProgrammeSeats(programme.programme, programme.quotas, cap) if programme is faulty else programme
        for programme in programmes
    ]
    wrong = match_round(applicants, seen).placements
    spread = VerificationView(applicants, {one.programme: one for one in seen}, wrong)
    withheld = find_dependent_programmes(spread, {faulty.programme})

    def lists(rows: tuple[Placement, ...]) -> dict[int, set[tuple[str, str | None]]]:
        return {
            programme.programme: {(row.number, row.quota) for row in rows if row.programme == programme.programme}
            for programme in programmes
            if programme.programme not in withheld
        }

    assert lists(wrong) == lists(match_round(applicants, programmes).placements)
