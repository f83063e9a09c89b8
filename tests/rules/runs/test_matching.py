"""The matching against every stable result there is, and rule by rule."""

import random
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.oracle import GROUPS, instances, programmes, rank_of, stable_results
from tests.rules.runs.rows import Instance, person, plain, reserved, seats_of
from yangguang.rules.plans.quotas import Mode, ProgrammeSeats, Quota, Tie
from yangguang.rules.runs.matching_types import Applicant, Choice, Cutoff, Flow, Reason, ReasonCode
from yangguang.rules.runs.ranked_round import match_round

LOTTERY_ONLY = (Tie.LOTTERY,)


@given(instances())
@settings(max_examples=400)
def test_the_result_is_stable_and_no_one_does_better_in_any_other_stable_result(instance: Instance) -> None:
    applicants, seats = instance
    result = seats_of(match_round(applicants, seats))
    stable = list(stable_results(applicants, seats))

    assert result in stable
    for other in stable:
        for applicant in applicants:
            assert rank_of(applicant, result[applicant.number]) <= rank_of(applicant, other[applicant.number])


@given(instances(people=8, count=4), st.randoms(use_true_random=False))
@settings(max_examples=300)
def test_the_order_of_the_input_does_not_matter(instance: Instance, chance: random.Random) -> None:
    applicants, seats = instance
    expected = match_round(applicants, seats)
    shuffled = [programme for programme in seats]
    chance.shuffle(shuffled)
    people = [person for person in applicants]
    chance.shuffle(people)

    assert match_round(iter(people), iter(shuffled)) == expected


@given(instances(LOTTERY_ONLY, people=4))
@settings(max_examples=60)
def test_with_a_lottery_no_other_order_of_the_same_choices_helps_anyone(instance: Instance) -> None:
    applicants, seats = instance
    truth = seats_of(match_round(applicants, seats))
    for i, applicant in enumerate(applicants):
        honest = rank_of(applicant, truth[applicant.number])
        for count in range(len(applicant.choices) + 1):
            for order in permutations(applicant.choices, count):
                people = [*applicants[:i], applicant._replace(choices=order), *applicants[i + 1 :]]
                assert honest <= rank_of(applicant, seats_of(match_round(people, seats))[applicant.number])


@given(programmes(LOTTERY_ONLY, count=1), st.data())
@settings(max_examples=200)
def test_with_a_lottery_one_more_asking_never_empties_a_seat(seats: list[ProgrammeSeats], data: st.DataObject) -> None:
    groups = [kind for kinds in GROUPS.values() for kind in kinds]
    people = [
        Applicant(
            f"N{i}", (Choice(0, (data.draw(st.integers(0, 2)),), f"{i:02x}", data.draw(st.sampled_from(groups))),)
        )
        for i in range(data.draw(st.integers(1, 7)))
    ]
    filled = [
        sum(row.programme is not None for row in match_round(people[:count], seats).placements)
        for count in range(len(people) + 1)
    ]

    assert filled == sorted(filled)


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


def test_under_all_wait_hiding_a_choice_can_pay_which_the_manual_must_say() -> None:
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


def test_seats_that_no_one_of_the_group_applied_for_flow_once_and_are_logged() -> None:
    people = [person(f"N{i}", 90 - i, 1) for i in range(4)] + [person("N9", 10, 1, quotas=("本市",))]
    outcome = match_round(people, [reserved(3, 1)])

    assert outcome.flows == (Flow(1, "本市", "普通", 2),)
    assert [(cut.quota, cut.seats, cut.admitted) for cut in outcome.cutoffs] == [("本市", 1, 1), ("普通", 3, 3)]
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
    people = [person("N1", 80, 1, quotas=("本市",)), person("N2", 80, 1, quotas=("本市",)), person("N3", 70, 1)]
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
    people = [person("N1", 99, 1, quotas=("省外",)), person("N2", 98, 1, quotas=("省外",)), person("N3", 1, 1)]

    assert seats_of(match_round(people, [ProgrammeSeats(1, quotas)])) == {
        "N1": (1, "省外"),
        "N2": None,
        "N3": (1, "普通"),
    }


def test_a_cap_strikes_the_seats_that_are_filled_last() -> None:
    programme = reserved(2, 5)
    capped = ProgrammeSeats(1, programme.quotas, 3)
    people = [person(f"N{i}", 90 - i, 1) for i in range(6)] + [person("N9", 1, 1, quotas=("本市",))]
    outcome = match_round(people, [capped])

    assert [(cut.quota, cut.seats, cut.admitted) for cut in outcome.cutoffs] == [("本市", 1, 1), ("普通", 2, 2)]
