"""The matching against every stable result there is, and sentence by sentence."""

import random
from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.oracle import GROUPS, asking_for, choose, instances, programmes, rank_of, stable_results
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.quotas import Mode, ProgrammeSeats, Quota, Tie
from yangguang.rules.runs.matching_types import Applicant, Choice, Cutoff, Flow, Outcome, Reason, ReasonCode
from yangguang.rules.runs.ranked_round import match_round

Instance = tuple[list[Applicant], list[ProgrammeSeats]]
LOTTERY_ONLY = (Tie.LOTTERY,)


def seats_of(outcome: Outcome) -> dict[str, tuple[int, str] | None]:
    return {
        row.number: None if row.programme is None or row.quota is None else (row.programme, row.quota)
        for row in outcome.placements
    }


def plain(programme: int, seats: int, tie: Tie = Tie.LOTTERY, cap: int | None = None) -> ProgrammeSeats:
    return ProgrammeSeats(programme, (Quota("普通", seats, Mode.AT_LEAST, 1, None, tie),), cap)


def reserved(local: int, general: int, *, flows: bool = True, tie: Tie = Tie.LOTTERY) -> ProgrammeSeats:
    return ProgrammeSeats(
        1,
        (
            Quota("普通", general, Mode.AT_LEAST, 2, None, tie),
            Quota("本市", local, Mode.AT_LEAST, 1, "普通" if flows else None, tie),
        ),
    )


def person(
    number: str, score: int, *programmes: int, quotas: Sequence[str] = ("普通",), barred: str | None = None
) -> Applicant:
    """Everybody's draw is the own number here, so that N1 comes before N2."""
    return Applicant(
        number, tuple(Choice(programme, (score,), number, tuple(quotas), barred) for programme in programmes)
    )


# Against brute force


@given(instances())
@settings(max_examples=400, deadline=None)
def test_the_result_is_stable_and_nobody_does_better_in_any_other_stable_result(instance: Instance) -> None:
    applicants, seats = instance
    result = seats_of(match_round(applicants, seats))
    stable = list(stable_results(applicants, seats))
    assert result in stable
    for other in stable:
        for applicant in applicants:
            assert rank_of(applicant, result[applicant.number]) <= rank_of(applicant, other[applicant.number])


@given(instances(people=8, count=4), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_the_order_of_the_input_does_not_matter(instance: Instance, chance: random.Random) -> None:
    applicants, seats = instance
    expected = match_round(applicants, seats)
    shuffled = [programme for programme in seats]
    chance.shuffle(shuffled)
    people = [person for person in applicants]
    chance.shuffle(people)
    assert match_round(iter(people), iter(shuffled)) == expected


@given(instances(people=7, count=4))
@settings(max_examples=300, deadline=None)
def test_cuts_and_flows_are_those_of_the_people_who_would_rather_be_there(instance: Instance) -> None:
    applicants, seats = instance
    outcome = match_round(applicants, seats)
    at = {row.number: row.programme for row in outcome.placements}
    found = {(cut.programme, cut.quota): (cut.seats, cut.admitted, cut.applicants) for cut in outcome.cutoffs}
    expected = {}
    for programme in seats:
        taken, after = choose(programme, asking_for(programme.programme, applicants, at))
        for quota in programme.quotas:
            named = sum(
                choice.programme == programme.programme
                and choice.barred is None
                and quota.code in choice.quotas
                for applicant in applicants
                for choice in applicant.choices
            )
            admitted = list(taken.values()).count(quota.code)
            expected[programme.programme, quota.code] = (after[quota.code], admitted, named)
    assert found == expected


@given(instances(LOTTERY_ONLY, people=4))
@settings(max_examples=60, deadline=None)
def test_with_a_lottery_no_other_list_of_the_same_wishes_helps_anyone(instance: Instance) -> None:
    applicants, seats = instance
    truth = seats_of(match_round(applicants, seats))
    for i, applicant in enumerate(applicants):
        honest = rank_of(applicant, truth[applicant.number])
        for count in range(len(applicant.choices) + 1):
            for told in permutations(applicant.choices, count):
                people = [*applicants[:i], applicant._replace(choices=told), *applicants[i + 1 :]]
                assert honest <= rank_of(applicant, seats_of(match_round(people, seats))[applicant.number])


@given(programmes(LOTTERY_ONLY, count=1), st.data())
@settings(max_examples=200, deadline=None)
def test_with_a_lottery_one_more_asking_never_empties_a_seat(
    seats: list[ProgrammeSeats], data: st.DataObject
) -> None:
    groups = [kind for kinds in GROUPS.values() for kind in kinds]
    people = [
        Applicant(
            f"N{i}",
            (Choice(0, (data.draw(st.integers(0, 2)),), f"{i:02x}", data.draw(st.sampled_from(groups))),),
        )
        for i in range(data.draw(st.integers(1, 7)))
    ]
    filled = [
        sum(row.programme is not None for row in match_round(people[:count], seats).placements)
        for count in range(len(people) + 1)
    ]
    assert filled == sorted(filled)


@given(instances(people=7, count=4))
@settings(max_examples=300, deadline=None)
def test_every_choice_has_the_reason_that_its_numbers_bear_out(instance: Instance) -> None:
    applicants, seats = instance
    outcome = match_round(applicants, seats)
    ties = {(programme.programme, quota.code): quota.tie for programme in seats for quota in programme.quotas}
    cuts = {(cut.programme, cut.quota): cut for cut in outcome.cutoffs}
    for applicant, row in zip(sorted(applicants), outcome.placements, strict=True):
        assert [(reason.rank, reason.programme) for reason in row.reasons] == [
            (rank, choice.programme) for rank, choice in enumerate(applicant.choices, 1)
        ]
        for reason, choice in zip(row.reasons, applicant.choices, strict=True):
            mine = [
                cuts[choice.programme, code] for code in choice.quotas if (choice.programme, code) in cuts
            ]
            barred = choice.barred or (None if mine else "no_bucket")
            assert (reason.code is ReasonCode.BARRED, reason.place is None, reason.barred) == (
                barred is not None,
                barred is not None,
                barred,
            )
            if barred:
                continue
            assert reason.place is not None
            assert reason.seats == sum(cut.seats for cut in mine)
            ends = [cut.last_place for cut in mine if cut.last_place is not None]
            assert reason.last_place == max(ends, default=None)
            beyond = reason.last_place is None or reason.place > reason.last_place
            if row.rank is None or reason.rank < row.rank:
                idle = any(
                    ties[cut.programme, cut.quota] is Tie.ALL_WAIT and cut.admitted < cut.seats
                    for cut in mine
                )
                assert beyond
                assert reason.code in (
                    (ReasonCode.OUTRANKED, ReasonCode.TIED_AT_CUTOFF)
                    if idle
                    else (ReasonCode.OUTRANKED, ReasonCode.NO_SEATS)
                )
                assert (reason.code is ReasonCode.NO_SEATS) == (reason.seats == 0)
            elif reason.rank == row.rank:
                assert (reason.code, beyond) == (ReasonCode.ADMITTED, False)
            else:
                assert reason.code is ReasonCode.HIGHER_CHOICE_ADMITTED


# Sentence by sentence


def test_the_best_get_the_seats_and_the_rest_their_next_choice() -> None:
    outcome = match_round(
        [person("N1", 80, 1, 2), person("N2", 90, 1, 2), person("N3", 70, 1)], [plain(1, 1), plain(2, 5)]
    )
    assert seats_of(outcome) == {"N1": (2, "普通"), "N2": (1, "普通"), "N3": None}
    assert outcome.placements[0].reasons == (
        Reason(1, 1, ReasonCode.OUTRANKED, 2, 1, 1, (90,)),
        Reason(2, 2, ReasonCode.ADMITTED, 2, 5, 2, (80,)),
    )
    assert outcome.placements[1].reasons[1].code is ReasonCode.HIGHER_CHOICE_ADMITTED
    assert outcome.cutoffs == (Cutoff(1, "普通", 1, 1, 3, 1, (90,)), Cutoff(2, "普通", 5, 1, 2, 2, (80,)))


def test_a_first_choice_gives_no_advantage_over_a_better_score() -> None:
    people = [person("N1", 60, 2, 1), person("N2", 90, 1, 2), person("N3", 95, 1)]
    assert seats_of(match_round(people, [plain(1, 1), plain(2, 1)]))["N2"] == (2, "普通")


def test_named_subjects_come_before_the_lottery() -> None:
    a = Applicant("N1", (Choice(1, (500, 90, 80), "00", ("普通",)),))
    b = Applicant("N2", (Choice(1, (500, 90, 81), "ff", ("普通",)),))
    assert seats_of(match_round([a, b], [plain(1, 1)])) == {"N1": None, "N2": (1, "普通")}


def test_equal_scores_are_put_in_order_by_the_smaller_draw() -> None:
    a = Applicant("N1", (Choice(1, (500,), "b0", ("普通",)),))
    b = Applicant("N2", (Choice(1, (500,), "0b", ("普通",)),))
    outcome = match_round([a, b], [plain(1, 1)])
    assert seats_of(outcome) == {"N1": None, "N2": (1, "普通")}
    assert [row.reasons[0].place for row in outcome.placements] == [2, 1]


def test_a_person_without_a_score_comes_after_everyone_with_one() -> None:
    people = [Applicant("N1", (Choice(1, (), "00", ("普通",)),)), person("N2", 1, 1)]
    assert seats_of(match_round(people, [plain(1, 1)])) == {"N1": None, "N2": (1, "普通")}


def test_the_last_tied_group_waits_and_its_seats_stay_empty() -> None:
    people = [person("N1", 90, 1), person("N2", 80, 1), person("N3", 80, 1), person("N4", 70, 1)]
    outcome = match_round(people, [plain(1, 2, Tie.ALL_WAIT)])
    assert seats_of(outcome) == {"N1": (1, "普通"), "N2": None, "N3": None, "N4": None}
    assert [row.reasons[0].code for row in outcome.placements[1:]] == [
        ReasonCode.TIED_AT_CUTOFF,
        ReasonCode.TIED_AT_CUTOFF,
        ReasonCode.OUTRANKED,
    ]
    assert [row.reasons[0].place for row in outcome.placements] == [1, 2, 2, 4]


def test_a_tied_person_who_asks_after_the_group_was_turned_away_waits_with_it() -> None:
    people = [person(f"N{i}", 80, 1) for i in range(4)]
    assert set(seats_of(match_round(people, [plain(1, 2, Tie.ALL_WAIT)])).values()) == {None}


def test_a_seat_goes_home_once_even_when_a_tied_group_left_it_empty_in_between() -> None:
    local = [person(f"N{i}", score, 1, quotas=("本市",)) for i, score in enumerate((80, 80, 90))]
    outcome = match_round([*local, person("N9", 10, 1)], [reserved(1, 1, tie=Tie.ALL_WAIT)])
    assert seats_of(outcome) == {"N0": None, "N1": None, "N2": (1, "本市"), "N9": (1, "普通")}
    assert [(cut.seats, cut.admitted) for cut in outcome.cutoffs] == [(1, 1), (1, 1)]


def test_a_tied_group_that_fits_exactly_is_admitted() -> None:
    people = [person("N1", 90, 1), person("N2", 80, 1), person("N3", 80, 1)]
    assert None not in seats_of(match_round(people, [plain(1, 3, Tie.ALL_WAIT)])).values()


def test_equal_scores_behind_a_full_bucket_are_outranked_not_tied() -> None:
    people = [person("N1", 90, 1), person("N2", 80, 1), person("N3", 80, 1)]
    codes = [row.reasons[0].code for row in match_round(people, [plain(1, 1, Tie.ALL_WAIT)]).placements[1:]]
    assert codes == [ReasonCode.OUTRANKED, ReasonCode.OUTRANKED]


def test_under_all_wait_hiding_a_wish_can_pay_which_the_manual_must_say() -> None:
    rival = person("N2", 80, 1, 2)
    seats = [plain(1, 1, Tie.ALL_WAIT), plain(2, 1, Tie.LOTTERY)]
    better_at_2 = rival._replace(choices=(rival.choices[0], rival.choices[1]._replace(score=(99,))))
    assert seats_of(match_round([person("N1", 80, 1, 2), better_at_2], seats))["N1"] is None
    assert seats_of(match_round([person("N1", 80, 2), better_at_2], seats))["N1"] == (2, "普通")


def test_the_example_of_the_rules_page_is_true() -> None:
    seats = [plain(1, 1, Tie.ALL_WAIT), plain(2, 1, Tie.ALL_WAIT)]
    both = seats_of(match_round([person("N1", 80, 1, 2), person("N2", 80, 1, 2)], seats))
    apart = seats_of(match_round([person("N1", 80, 2), person("N2", 80, 1, 2)], seats))
    assert (both, apart) == ({"N1": None, "N2": None}, {"N1": (2, "普通"), "N2": (1, "普通")})


def test_a_floor_takes_its_group_first_and_the_rest_of_the_group_competes_with_all() -> None:
    local = ("本市", "普通")
    people = [
        person("N1", 95, 1, quotas=local),
        person("N2", 90, 1, quotas=local),
        person("N3", 85, 1),
        person("N4", 50, 1, quotas=local),
    ]
    outcome = match_round(people, [reserved(1, 2)])
    assert seats_of(outcome) == {"N1": (1, "本市"), "N2": (1, "普通"), "N3": (1, "普通"), "N4": None}
    people[1] = person("N2", 10, 1, quotas=local)
    assert seats_of(match_round(people, [reserved(2, 1)]))["N4"] == (1, "本市")


def test_seats_nobody_of_the_group_came_for_flow_once_and_are_logged() -> None:
    people = [person(f"N{i}", 90 - i, 1) for i in range(4)] + [person("N9", 10, 1, quotas=("本市",))]
    outcome = match_round(people, [reserved(3, 1)])
    assert outcome.flows == (Flow(1, "本市", "普通", 2),)
    assert [(cut.quota, cut.seats, cut.admitted) for cut in outcome.cutoffs] == [
        ("本市", 1, 1),
        ("普通", 3, 3),
    ]
    dry = match_round(people, [reserved(3, 1, flows=False)])
    assert dry.flows == ()
    assert [(cut.quota, cut.seats, cut.admitted) for cut in dry.cutoffs] == [("本市", 3, 1), ("普通", 1, 1)]


def test_a_seat_that_has_moved_once_does_not_move_on() -> None:
    quotas = (
        Quota("甲", 2, Mode.AT_LEAST, 1, "乙", Tie.LOTTERY),
        Quota("乙", 1, Mode.AT_LEAST, 2, "普通", Tie.LOTTERY),
        Quota("普通", 1, Mode.AT_LEAST, 3, None, Tie.LOTTERY),
    )
    outcome = match_round([person(f"N{i}", 50 + i, 1) for i in range(5)], [ProgrammeSeats(1, quotas)])
    assert outcome.flows == (Flow(1, "甲", "乙", 2), Flow(1, "乙", "普通", 1))
    assert [(cut.seats, cut.admitted) for cut in outcome.cutoffs] == [(0, 0), (2, 0), (2, 2)]


def test_a_seat_that_a_tied_group_left_empty_does_not_flow() -> None:
    people = [
        person("N1", 80, 1, quotas=("本市",)),
        person("N2", 80, 1, quotas=("本市",)),
        person("N3", 70, 1),
    ]
    outcome = match_round(people, [reserved(1, 0, tie=Tie.ALL_WAIT)])
    assert outcome.flows == ()
    assert set(seats_of(outcome).values()) == {None}
    assert [row.reasons[0].code for row in outcome.placements] == [
        ReasonCode.TIED_AT_CUTOFF,
        ReasonCode.TIED_AT_CUTOFF,
        ReasonCode.NO_SEATS,
    ]


def test_a_ceiling_holds_even_when_its_people_have_the_best_scores() -> None:
    quotas = (
        Quota("省外", 1, Mode.AT_MOST, 1, "普通", Tie.LOTTERY),
        Quota("普通", 1, Mode.AT_LEAST, 2, None, Tie.LOTTERY),
    )
    people = [
        person("N1", 99, 1, quotas=("省外",)),
        person("N2", 98, 1, quotas=("省外",)),
        person("N3", 1, 1),
    ]
    assert seats_of(match_round(people, [ProgrammeSeats(1, quotas)])) == {
        "N1": (1, "省外"),
        "N2": None,
        "N3": (1, "普通"),
    }


def test_a_person_of_a_confined_group_listed_elsewhere_is_refused_by_name() -> None:
    quotas = (
        Quota("特教", 1, Mode.EXACTLY, 1, None, Tie.LOTTERY),
        Quota("普通", 1, Mode.AT_LEAST, 2, None, Tie.LOTTERY),
    )
    with pytest.raises(Refused, match="报名号N1在计划行1同时列入“特教”、“普通”"):
        match_round([person("N1", 99, 1, quotas=("特教", "普通"))], [ProgrammeSeats(1, quotas)])


def test_a_cap_strikes_the_seats_that_are_filled_last() -> None:
    programme = reserved(2, 5)
    capped = ProgrammeSeats(1, programme.quotas, 3)
    people = [person(f"N{i}", 90 - i, 1) for i in range(6)] + [person("N9", 1, 1, quotas=("本市",))]
    outcome = match_round(people, [capped])
    assert [(cut.quota, cut.seats, cut.admitted) for cut in outcome.cutoffs] == [
        ("本市", 1, 1),
        ("普通", 2, 2),
    ]


def test_a_stopped_line_admits_nobody_and_says_so() -> None:
    outcome = match_round([person("N1", 99, 1, 2)], [plain(1, 5, cap=0), plain(2, 1)])
    assert outcome.placements[0].reasons == (
        Reason(1, 1, ReasonCode.NO_SEATS, 1, 0, None, None),
        Reason(2, 2, ReasonCode.ADMITTED, 1, 1, 1, (99,)),
    )


def test_a_barred_wish_is_passed_over_and_counts_in_nobodys_rank() -> None:
    outcome = match_round([person("N1", 99, 1, barred="origin"), person("N2", 50, 1)], [plain(1, 1)])
    assert [row.reasons[0] for row in outcome.placements] == [
        Reason(1, 1, ReasonCode.BARRED, None, 1, 1, (50,), "origin"),
        Reason(1, 1, ReasonCode.ADMITTED, 1, 1, 1, (50,)),
    ]


def test_a_person_outside_every_bucket_of_the_line_is_told_so() -> None:
    reason = match_round([person("N1", 99, 1, quotas=("特教",))], [plain(1, 1)]).placements[0].reasons[0]
    assert (reason.code, reason.barred) == (ReasonCode.BARRED, "no_bucket")


def test_placements_come_in_the_order_of_numbers_even_without_any_wish() -> None:
    outcome = match_round([person("N3", 1, 1), Applicant("N1", ()), person("N2", 5, 1)], [plain(1, 1)])
    assert [(row.number, row.rank) for row in outcome.placements] == [("N1", None), ("N2", 1), ("N3", None)]


def test_nobody_at_all_is_an_empty_result() -> None:
    assert match_round([], []) == Outcome((), (), ())


@pytest.mark.parametrize(
    ("people", "seats", "says"),
    [
        ([person("N1", 1, 1), person("N1", 2, 1)], [plain(1, 1)], "报名号N1出现了两次"),
        ([person("N1", 1, 1, 1)], [plain(1, 1)], "报名号N1把同一计划行填了两次"),
        ([person("N1", 1, 7)], [plain(1, 1)], "报名号N1的志愿中有本批次没有的计划行7"),
        ([], [plain(1, 1), plain(1, 2)], "计划行1出现了两次"),
        ([], [ProgrammeSeats(1, ())], "计划行1没有任何名额类别"),
    ],
)
def test_input_that_makes_no_sense_is_refused(
    people: list[Applicant], seats: list[ProgrammeSeats], says: str
) -> None:
    with pytest.raises(Refused, match=says):
        match_round(people, seats)


def test_two_people_whom_not_even_the_lottery_separates_are_refused() -> None:
    people = [Applicant(number, (Choice(1, (5,), "", ("普通",)),)) for number in ("N2", "N1")]
    with pytest.raises(Refused, match="计划行1的报名号N1、N2分数和抽签号都相同"):
        match_round(people, [plain(1, 5)])
    assert None not in seats_of(match_round(people, [plain(1, 5, Tie.ALL_WAIT)])).values()
