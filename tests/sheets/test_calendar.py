"""A file of holidays is read in any spelling, whole or not at all."""

from datetime import date

import pytest

from yangguang.rules.base.refusals import BadRows
from yangguang.sheets.calendar import CalendarRow, format_calendar, read_calendar

HEAD = "日期,安排,说明,依据文件\n"


def read(text: str, encoding: str = "utf-8") -> list[CalendarRow]:
    return read_calendar((HEAD + text).encode(encoding), "2025.csv")


def faults(text: str) -> list[str]:
    with pytest.raises(BadRows) as caught:
        read(text)
    return [f"{fault.where} {fault.what}" for fault in caught.value.rows]


@pytest.mark.parametrize("spelling", ["2025-10-01", "2025/10/1", "2025.10.1", "2025年10月1日", "20251001"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_days_are_read_in_every_spelling_and_encoding(spelling: str, encoding: str) -> None:
    assert read(f"{spelling},休息,国庆节,某通知\n", encoding) == [
        CalendarRow(date(2025, 10, 1), rests=True, note="国庆节", source="某通知")
    ]


def test_two_holidays_on_one_day_are_one_day() -> None:
    rows = read("2025-10-06,1,国庆节,某通知\n2025-10-06,1,中秋节,某通知\n2025-10-06,1,国庆节,某通知\n")

    assert [(row.day, row.note) for row in rows] == [(date(2025, 10, 6), "国庆节、中秋节")]


def test_two_rows_that_contradict_each_other_are_named() -> None:
    assert faults("2025-10-11,1,国庆节,某通知\n2025-10-11,0,调休上班,某通知\n") == [
        "第 3 行·安排 2025-10-11 在第 2 行是放假，在这一行是上班"
    ]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("2025-13-01,1,国庆节,某通知", "第 2 行·日期 ‘2025-13-01’这一天不存在"),
        ("2025-10-01,x,国庆节,某通知", "第 2 行·安排 ‘x’不在可填的范围内"),
        ("2025-10-09,0,上班,某通知", "第 2 行·日期 平日本来就上班，调休上班的应是周末"),
        ("2025-10-01,1,国庆节,", "第 2 行·依据文件 没有填写"),
    ],
)
def test_a_faulty_cell_is_named(row: str, fault: str) -> None:
    assert faults(row + "\n") == [fault]


def test_days_of_another_year_are_named_but_for_the_december_before() -> None:
    days = "2025-01-01,1,元旦,某通知\n2025-10-01,1,国庆节,某通知\n"

    assert len(read("2024-12-28,0,元旦调休上班,某通知\n" + days)) == 3
    assert faults(days + "2026-10-02,1,国庆节,某通知\n") == ["第 4 行·日期 2026-10-02 不是2025年的日期"]
    assert faults(days + "2024-11-30,0,上班,某通知\n") == ["第 4 行·日期 2024-11-30 不是2025年的日期"]


def test_what_is_signed_reads_back_as_the_same_days() -> None:
    rows = read("2025-10-01,1,国庆节,某通知\n2025-10-11,0,国庆节调休，上班,某通知\n")

    assert read_calendar(format_calendar(rows).encode(), "x.csv") == rows
