"""Duplicates: listed with reasons, decided by people at the right level, and fast on long lists."""

import sys
from dataclasses import replace
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.rules.applicants import duplicates
from yangguang.rules.applicants.duplicates import Level, Reason, Row, candidates, check_may_link, level_for
from yangguang.rules.base.id_number import check_digit
from yangguang.rules.base.refusals import Refused

SCORES = dict(zip(Reason, (100, 80, 75, 50, 40), strict=True))


def number(first17: str) -> str:
    return first17 + check_digit(first17)


def row(key: int, **changes: object) -> Row:
    base = Row(
        key=key,
        id_hash=f"hash{key}".encode(),
        number=number(f"490101{20080101 + key % 27}{key % 1000:03}"),
        name=f"演示{key}",
        birth=f"200801{1 + key % 27:02}",
        phone=f"154{key:08}",
        school=f"S{key}",
        city="410100",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def reasons(*rows: Row) -> list[tuple[Reason, ...]]:
    return [pair.reasons for pair in candidates(rows, SCORES)]


def test_the_same_number_is_the_strongest_reason() -> None:
    assert reasons(row(1, id_hash=b"x"), row(2, id_hash=b"x")) == [(Reason.SAME_NUMBER,)]


def test_one_wrong_digit_or_two_swapped_with_the_same_name_is_a_reason() -> None:
    right = number("49010120080315123")
    wrong_digit, swapped = number("49010120080316123"), number("49010120080351123")
    one = row(1, name="张三", number=right)

    assert reasons(one, row(2, name="张三", number=wrong_digit)) == [(Reason.NUMBER_NEAR,)]
    assert reasons(one, row(2, name="张三", number=swapped)) == [(Reason.NUMBER_NEAR,)]
    assert reasons(one, row(2, name="李四", number=wrong_digit)) == []


def test_reasons_add_up_and_the_strongest_comes_first() -> None:
    a = row(1, name="张三", birth="20080101", phone="15400000001", school="S")
    b = row(2, name="张三", birth="20080101", phone="15400000001", school="S")
    pair = candidates([b, a], SCORES)[0]

    assert pair.reasons == (Reason.NAME_BIRTH_PHONE, Reason.NAME_BIRTH_SCHOOL)
    assert pair.score == 75
    assert (pair.first.key, pair.second.key) == (1, 2)


def test_twins_with_one_phone_and_neighbouring_numbers_are_two_persons() -> None:
    one = row(1, name="王大", birth="20080101", phone="15400000001", number=number("49010120080101001"))
    two = row(2, name="王二", birth="20080101", phone="15400000001", number=number("49010120080101002"))

    assert reasons(one, two) == []


def test_namesakes_born_on_one_day_in_different_schools_are_no_case() -> None:
    assert reasons(row(1, name="李伟", birth="20080101"), row(9, name="李伟", birth="20080101")) == []


def test_rows_without_number_or_phone_do_not_match_each_other_by_having_none() -> None:
    empty = [row(k, name="张三", number="", id_hash=b"", phone="", school="") for k in (1, 2)]
    assert reasons(*empty) == []


def test_pairs_come_best_first_and_weak_ones_can_be_left_out() -> None:
    weak = [row(k, name="赵六", birth="20080101", school="S") for k in (1, 5)]
    strong = [row(k, id_hash=b"x") for k in (3, 4)]

    assert [pair.score for pair in candidates(weak + strong, SCORES)] == [100, 40]
    assert [pair.score for pair in candidates(weak + strong, SCORES, at_least=41)] == [100]


def test_the_rule_decides_which_reason_is_the_strongest() -> None:
    a = row(1, name="张三", birth="20080101", phone="15400000001", school="S")
    b = row(2, name="张三", birth="20080101", phone="15400000001", school="S")

    (pair,) = candidates([a, b], SCORES | {Reason.NAME_BIRTH_SCHOOL: 90})

    assert (pair.reasons[0], pair.score) == (Reason.NAME_BIRTH_SCHOOL, 90)


def near(a: str, b: str) -> bool:
    """The definition, compared place by place."""
    differ = [i for i in range(17) if a[i] != b[i]]
    if len(differ) == 1:
        return True
    if len(differ) != 2 or differ[1] != differ[0] + 1:
        return False
    i, j = differ
    return a[i] == b[j] and a[j] == b[i]


@given(st.lists(st.text("01", min_size=5, max_size=5), min_size=2, max_size=12))
def test_near_numbers_are_grouped_exactly_as_comparing_every_pair_would(tails: list[str]) -> None:
    rows = [row(k, name="张三", number=number("490101200801" + tail)) for k, tail in enumerate(tails)]
    pairs = [pair for pair in candidates(rows, SCORES) if Reason.NUMBER_NEAR in pair.reasons]

    assert all(near(pair.first.number, pair.second.number) for pair in pairs)
    every = {(a.key, b.key) for a in rows for b in rows if a.key < b.key and near(a.number, b.number)}
    same = {(a.key, b.key) for a in rows for b in rows if a.key < b.key and a.number == b.number}

    assert classes({(p.first.key, p.second.key) for p in pairs} | same) == classes(every | same)


def classes(edges: set[tuple[int, int]]) -> set[frozenset[int]]:
    groups: list[set[int]] = []
    for edge in edges:
        touching = [group for group in groups if group & set(edge)]
        groups = [group for group in groups if not group & set(edge)] + [set(edge).union(*touching)]
    return {frozenset(group) for group in groups}


@pytest.mark.parametrize(
    ("second", "level"),
    [
        (row(2, school="S1"), Level.SCHOOL),
        (row(2), Level.CITY),
        (row(2, city="410200"), Level.PROVINCE),
        (row(2, school="", city=""), Level.PROVINCE),
    ],
)
def test_the_level_that_decides_is_the_lowest_above_both(second: Row, level: Level) -> None:
    assert level_for(row(1), second) is level


def test_two_persons_matched_by_the_police_are_never_linked() -> None:
    one, two = row(1, is_police_matched=True), row(2, is_police_matched=True)
    with pytest.raises(Refused) as caught:
        check_may_link(one, two)

    assert caught.value.what == "这两条登记不能认定为同一人"
    check_may_link(one, row(2))


def test_an_entry_is_not_linked_with_itself() -> None:
    with pytest.raises(Refused):
        check_may_link(row(1), row(1))


def lines_run(count: int) -> int:
    """How many lines of the search are run for so many rows of one name."""
    rows = [row(k, name="张伟", number=number(f"490101{k:011}")) for k in range(count)]
    ran = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal ran
        if frame.f_code.co_filename != duplicates.__file__:
            return None
        ran += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        candidates(rows, SCORES)
    finally:
        sys.settrace(before)
    return ran


def test_work_grows_with_the_rows_even_when_all_have_one_name() -> None:
    assert lines_run(100) > 1000
    assert lines_run(800) < 10 * lines_run(100)


@pytest.mark.parametrize(("one", "other"), [("买买提·江", "买买提.江"), ("J. Li", "J.LI"), ("张三", "张 三\u200b")])
def test_a_name_in_another_spelling_is_the_same_name(one: str, other: str) -> None:
    first = row(1, name=one, birth="2009-03-05", phone="13800000000")
    second = row(2, name=other, birth="2009-03-05", phone="13800000000")

    assert reasons(first, second) == [(Reason.NAME_BIRTH_PHONE,)]
