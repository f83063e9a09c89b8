"""Who may be ranked at a programme, and how a school's cap falls on its programmes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders.origin_rules import RULES_2024
from yangguang.rules.applicants.origins import Origin, StudyForm
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.runs.eligibility import Gate, find_bar, list_open_kinds, share_cap
from yangguang.rules.runs.matching_types import Barred

FULL, PART = StudyForm.FULL_TIME, StudyForm.PART_TIME
NOW, BEFORE, WORKER = Origin.JUNIOR_THIS_YEAR, Origin.JUNIOR_EARLIER, Origin.WORKER


@pytest.mark.parametrize(
    ("programme_type", "form", "programme", "round", "stopped", "origin", "expected"),
    [
        (ProgrammeType.THREE_YEAR, FULL, (), (), False, NOW, None),
        (ProgrammeType.THREE_YEAR, FULL, (), (), True, NOW, Barred.STOPPED),
        (ProgrammeType.THREE_YEAR, FULL, (), (NOW,), False, BEFORE, Barred.ORIGIN),
        (ProgrammeType.THREE_YEAR, FULL, (BEFORE,), (), False, NOW, Barred.ORIGIN),
        (ProgrammeType.THREE_YEAR, PART, (), (), False, NOW, Barred.STUDY_FORM),
        (ProgrammeType.THREE_YEAR, PART, (), (), False, WORKER, None),
        (ProgrammeType.ONE_YEAR, FULL, (), (), False, NOW, Barred.ORIGIN),
    ],
)
def test_the_gate_of_a_programme(
    programme_type: ProgrammeType,
    form: StudyForm,
    programme: tuple[Origin, ...],
    round: tuple[Origin, ...],
    stopped: bool,
    origin: Origin,
    expected: Barred | None,
) -> None:
    assert find_bar(Gate(programme_type, form, frozenset(programme), stopped, RULES_2024), origin, round) is expected


def test_a_pupil_of_a_dedicated_class_and_everyone_else_never_share_a_kind_of_seat() -> None:
    assert list_open_kinds(dedicated_class=True) == ("dedicated",)
    assert list_open_kinds(dedicated_class=False) == ("general",)


def test_a_cap_is_shared_in_proportion_with_the_largest_remainder_first() -> None:
    assert share_cap(10, {"A": 10, "B": 10, "C": 10}) == {"A": 4, "B": 3, "C": 3}
    assert share_cap(5, {"A": 1, "B": 9}) == {"A": 1, "B": 4}
    assert share_cap(100, {"A": 1, "B": 9}) == {"A": 1, "B": 9}
    assert share_cap(0, {"A": 1}) == {"A": 0}
    assert share_cap(3, {}) == {}


@given(st.integers(0, 500), st.dictionaries(st.text("AB", min_size=1), st.integers(0, 90), max_size=8))
def test_shares_add_up_and_never_pass_the_programme(cap: int, seats: dict[str, int]) -> None:
    shares = share_cap(cap, seats)

    assert sum(shares.values()) == min(cap, sum(seats.values()))
    assert all(0 <= shares[code] <= seats[code] for code in seats)
