"""Origins: eleven of them, each with its papers, programmes and study forms; guardians by age alone."""

from datetime import date

import pytest

from tests.support.builders.origin_rules import RULES_2024
from yangguang.rules.applicants.origins import (
    PAPERS,
    GuardianRequirement,
    Origin,
    StudyForm,
    determine_guardian_requirement,
    require_plausible_age,
)
from yangguang.rules.base.labels import Labelled
from yangguang.rules.base.refusals import Refused
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType


def may_choose(origin: Origin, programme_type: ProgrammeType, form: StudyForm) -> bool:
    return RULES_2024[origin].allows(programme_type, form)


def test_there_are_eleven_origins_and_each_has_papers() -> None:
    assert len(Origin) == 11
    assert set(PAPERS) == set(Origin)
    assert all(PAPERS.values())


def test_what_the_exam_board_decides_is_for_graduates_of_this_year_only() -> None:
    decided_elsewhere = (ProgrammeType.THREE_PLUS_TWO, ProgrammeType.FIVE_YEAR)

    takers = {origin for origin in Origin for p in decided_elsewhere if may_choose(origin, p, StudyForm.FULL_TIME)}

    assert takers == {Origin.JUNIOR_THIS_YEAR}


def test_graduates_of_this_year_study_full_time_and_not_for_one_year() -> None:
    forms = {form for form in StudyForm for p in ProgrammeType if may_choose(Origin.JUNIOR_THIS_YEAR, p, form)}

    assert forms == {StudyForm.FULL_TIME}
    assert not may_choose(Origin.JUNIOR_THIS_YEAR, ProgrammeType.ONE_YEAR, StudyForm.FULL_TIME)


def test_part_time_and_one_year_are_open_to_working_adults() -> None:
    assert may_choose(Origin.RETURNED_MIGRANT, ProgrammeType.ONE_YEAR, StudyForm.PART_TIME)


@pytest.mark.parametrize(
    ("birth", "need"),
    [
        (date(2010, 9, 2), GuardianRequirement.CONSENT_FIRST),
        (date(2010, 9, 1), GuardianRequirement.CONTACT),
        (date(2006, 9, 2), GuardianRequirement.CONTACT),
        (date(2006, 9, 1), GuardianRequirement.NOT_REQUIRED),
    ],
)
def test_a_guardian_is_asked_by_age(birth: date, need: GuardianRequirement) -> None:
    assert determine_guardian_requirement(birth, date(2024, 9, 1), child_under=14, adult_from=18) is need


@pytest.mark.parametrize("birth", [date(1901, 1, 1), date(1953, 9, 1), date(2014, 9, 2), date(2024, 8, 31)])
def test_an_age_that_no_applicant_has_is_sent_to_the_counter(birth: date) -> None:
    with pytest.raises(Refused, match=r"网上报名的年龄是10至70周岁.*现场登记"):
        require_plausible_age(birth, date(2024, 9, 1), youngest=10, oldest=70)


@pytest.mark.parametrize("birth", [date(1953, 9, 2), date(2014, 9, 1)])
def test_the_youngest_and_the_oldest_may_still_register(birth: date) -> None:
    require_plausible_age(birth, date(2024, 9, 1), youngest=10, oldest=70)


@pytest.mark.parametrize("enum", [Origin, ProgrammeType, StudyForm, Sector, GuardianRequirement])
def test_choices_are_pairs_of_value_and_distinct_chinese_label(enum: type[Labelled]) -> None:
    assert enum.choices() == [(member.value, member.label) for member in enum]
    assert len({label for _, label in enum.choices()}) == len(enum)
