"""Rule rows from a file: what is refused before anything is stored."""

import pytest

from yangguang.rules.seasons.policy_rows import find_clashes, find_faults, to_canonical

ROW = {"key": "person.child_under", "value": "14", "applies_to": "", "valid_from": "2024-01-01", "valid_to": ""}
FORMS = {"key": "origin.study_forms", "value": '["full_time"]'}
FLOOR = {"key": "imported.score_floor", "value": "240", "valid_from": "2024-01-01", "valid_to": ""}


def test_a_good_row_has_no_fault() -> None:
    assert list(find_faults(ROW)) == []


@pytest.mark.parametrize(
    ("change", "column", "sentence"),
    [
        ({"key": "person.child"}, "key", "没有“person.child”这条规则"),
        ({"value": '"14"'}, "value", "应是整数，不带引号"),
        ({"value": '"十四"'}, "value", "应是整数"),
        ({"value": "NaN"}, "value", "应是整数"),
        ({"value": '"\\u0000"'}, "value", "应是整数"),
        ({"value": '"\\ud800"'}, "value", "应是整数"),
        ({"value": "14岁"}, "value", "应是 JSON 值"),
        ({"value": ""}, "value", "应是 JSON 值"),
        ({"value": "140"}, "value", "应在1到18之间"),
        ({"applies_to": "地区=郑州市"}, "applies_to", "不能按地区区分"),
        ({"applies_to": "郑州市"}, "applies_to", "看不懂"),
        (
            {"key": "origin.study_forms", "value": '["full_time"]', "applies_to": "生源类别=退伍军人"},
            "applies_to",
            "没有“退伍军人”",
        ),
        ({"valid_to": "2023-12-31"}, "valid_to", "早于起用日期"),
    ],
)
def test_a_fault_names_its_column_and_what_is_right(change: dict[str, str], column: str, sentence: str) -> None:
    ((at, what),) = find_faults(ROW | change)

    assert at == column
    assert sentence in what


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ({"applies_to": "培养类型=3+2"}, {"applies_to": "培养类型=五年一贯制"}, False),
        ({"applies_to": "培养类型=3+2"}, {"applies_to": "培养类型=五年一贯制、3+2"}, True),
        ({"applies_to": "培养类型=3+2"}, {"applies_to": ""}, False),
        ({"applies_to": "培养类型=3+2"}, {"applies_to": "培养类型=3+2", "valid_from": "2025-01-01"}, False),
        (
            {"applies_to": "培养类型=3+2", "valid_to": "2025-12-31"},
            {"applies_to": "培养类型=3+2", "valid_from": "2025-01-01"},
            True,
        ),
        (
            {"applies_to": "培养类型=3+2", "valid_to": "2024-12-31"},
            {"applies_to": "培养类型=3+2", "valid_from": "2025-01-01"},
            False,
        ),
        (
            {"applies_to": "培养类型=3+2", "valid_to": "2024-12-31"},
            {"applies_to": "培养类型=五年一贯制、3+2", "valid_from": "2025-01-01"},
            False,
        ),
    ],
)
def test_two_rows_clash_when_both_hold_for_a_case_on_one_day(
    one: dict[str, str], other: dict[str, str], *, clash: bool
) -> None:
    assert list(find_clashes([FLOOR | one, FLOOR | other])) == ([(0, 1)] if clash else [])


def test_scopes_are_stored_in_one_spelling() -> None:
    assert to_canonical(FLOOR | {"applies_to": "培养类型= 五年一贯制、3+2"})["applies_to"] == "培养类型=3+2、五年一贯制"
