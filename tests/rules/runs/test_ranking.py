"""Who comes before whom at a programme, and which rows are refused."""

import pytest

from tests.rules.runs.rows import person, plain, seats_of
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.quotas import Mode, ProgrammeSeats, Quota, Tie
from yangguang.rules.runs.matching_types import Applicant, Choice
from yangguang.rules.runs.ranked_round import match_round
from yangguang.rules.runs.ranking import build_market


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


def test_a_person_of_a_confined_group_listed_elsewhere_is_refused_by_name() -> None:
    quotas = (
        Quota("特教", 1, Mode.EXACTLY, 1, None, Tie.LOTTERY),
        Quota("普通", 1, Mode.AT_LEAST, 2, None, Tie.LOTTERY),
    )
    with pytest.raises(Refused, match="报名号N1在计划行1同时列入“特教”、“普通”"):
        match_round([person("N1", 99, 1, quotas=("特教", "普通"))], [ProgrammeSeats(1, quotas)])


@pytest.mark.parametrize(
    ("people", "seats", "sentence"),
    [
        ([person("N1", 1, 1), person("N1", 2, 1)], [plain(1, 1)], "报名号N1出现了两次"),
        ([person("N1", 1, 1, 1)], [plain(1, 1)], "报名号N1把同一计划行填了两次"),
        ([person("N1", 1, 7)], [plain(1, 1)], "报名号N1的志愿中有本批次没有的计划行7"),
        ([], [plain(1, 1), plain(1, 2)], "计划行1出现了两次"),
        ([], [ProgrammeSeats(1, ())], "计划行1没有任何名额类别"),
    ],
)
def test_input_that_makes_no_sense_is_refused(
    people: list[Applicant], seats: list[ProgrammeSeats], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        match_round(people, seats)


def test_two_people_whom_not_even_the_lottery_separates_are_refused() -> None:
    people = [Applicant(number, (Choice(1, (5,), "", ("普通",)),)) for number in ("N2", "N1")]
    with pytest.raises(Refused, match="计划行1的报名号N1、N2分数和抽签号都相同"):
        match_round(people, [plain(1, 5)])

    assert None not in seats_of(match_round(people, [plain(1, 5, Tie.ALL_WAIT)])).values()


def test_each_round_gives_who_applied_and_who_was_rejected_until_no_one_applies() -> None:
    people = [person("N1", 80, 1, 2), person("N2", 90, 1, 2), person("N3", 70, 1)]
    programmes = [plain(1, 1), plain(2, 5)]

    assert list(build_market(people, programmes).rounds()) == [
        ([(0, 0), (1, 0), (2, 0)], [(0, 0), (2, 0)]),
        ([(0, 1)], []),
    ]
    assert build_market(people, programmes).run() == 2
    assert build_market([person("N1", 80)], programmes).run() == 0
