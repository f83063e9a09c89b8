"""What a ranked round reports: cutoffs, seats that moved, and a reason for every choice."""

from hypothesis import given, settings

from tests.rules.oracle import asking_for, choose, instances
from tests.rules.runs.rows import Instance, person, plain
from yangguang.rules.plans.quotas import Tie
from yangguang.rules.runs.matching_types import Applicant, Outcome, Reason, ReasonCode
from yangguang.rules.runs.ranked_round import match_round


@given(instances(people=7, count=4))
@settings(max_examples=300)
def test_cutoffs_and_flows_follow_the_applicants_who_would_rather_be_there(instance: Instance) -> None:
    applicants, seats = instance
    outcome = match_round(applicants, seats)
    at = {row.number: row.programme for row in outcome.placements}
    ends_by_quota = {(cut.programme, cut.quota): (cut.seats, cut.admitted, cut.applicants) for cut in outcome.cutoffs}
    expected = {}
    for programme in seats:
        taken, after = choose(programme, asking_for(programme.programme, applicants, at))
        for quota in programme.quotas:
            named = sum(
                choice.programme == programme.programme and choice.barred is None and quota.code in choice.quotas
                for applicant in applicants
                for choice in applicant.choices
            )
            admitted = list(taken.values()).count(quota.code)
            expected[programme.programme, quota.code] = (after[quota.code], admitted, named)

    assert ends_by_quota == expected


@given(instances(people=7, count=4))
@settings(max_examples=300)
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
            eligible = [cuts[choice.programme, code] for code in choice.quotas if (choice.programme, code) in cuts]
            barred = choice.barred or (None if eligible else "no_quota")
            assert (reason.code is ReasonCode.BARRED, reason.place is None, reason.barred) == (
                barred is not None,
                barred is not None,
                barred,
            )
            if barred:
                continue
            assert reason.place is not None
            assert reason.seats == sum(cut.seats for cut in eligible)
            ends = [cut.last_place for cut in eligible if cut.last_place is not None]
            assert reason.last_place == max(ends, default=None)
            beyond = reason.last_place is None or reason.place > reason.last_place
            if row.rank is None or reason.rank < row.rank:
                idle = any(
                    ties[cut.programme, cut.quota] is Tie.ALL_WAIT and cut.admitted < cut.seats for cut in eligible
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


def test_equal_scores_behind_a_full_quota_are_outranked_not_tied() -> None:
    people = [person("N1", 90, 1), person("N2", 80, 1), person("N3", 80, 1)]
    codes = [row.reasons[0].code for row in match_round(people, [plain(1, 1, Tie.ALL_WAIT)]).placements[1:]]

    assert codes == [ReasonCode.OUTRANKED, ReasonCode.OUTRANKED]


def test_a_stopped_programme_admits_no_one_and_gives_the_reason() -> None:
    outcome = match_round([person("N1", 99, 1, 2)], [plain(1, 5, cap=0), plain(2, 1)])
    assert outcome.placements[0].reasons == (
        Reason(1, 1, ReasonCode.NO_SEATS, 1, 0, None, None),
        Reason(2, 2, ReasonCode.ADMITTED, 1, 1, 1, (99,)),
    )


def test_a_barred_choice_is_skipped_and_counts_in_no_rank() -> None:
    outcome = match_round([person("N1", 99, 1, barred="origin"), person("N2", 50, 1)], [plain(1, 1)])
    assert [row.reasons[0] for row in outcome.placements] == [
        Reason(1, 1, ReasonCode.BARRED, None, 1, 1, (50,), "origin"),
        Reason(1, 1, ReasonCode.ADMITTED, 1, 1, 1, (50,)),
    ]


def test_an_applicant_outside_every_quota_of_the_programme_gets_the_reason() -> None:
    reason = match_round([person("N1", 99, 1, quotas=("特教",))], [plain(1, 1)]).placements[0].reasons[0]
    assert (reason.code, reason.barred) == (ReasonCode.BARRED, "no_quota")


def test_placements_come_in_the_order_of_numbers_even_without_any_choice() -> None:
    outcome = match_round([person("N3", 1, 1), Applicant("N1", ()), person("N2", 5, 1)], [plain(1, 1)])
    assert [(row.number, row.rank) for row in outcome.placements] == [("N1", None), ("N2", 1), ("N3", None)]


def test_no_applicant_at_all_is_an_empty_result() -> None:
    assert match_round([], []) == Outcome((), (), ())
