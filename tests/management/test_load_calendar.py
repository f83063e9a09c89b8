"""`yangguang load-calendar`: a year's holidays come in as a file, whole or not at all."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from yangguang.models import CalendarDay

pytestmark = pytest.mark.django_db
HEAD = "day,rests,says,source,sure\n"


def load(folder: Path, text: str, encoding: str = "utf-8") -> None:
    path = folder / "days.csv"
    path.write_text(HEAD + text, encoding=encoding)
    call_command("load_calendar", str(path))


def test_days_are_taken_in_and_the_year_is_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load(tmp_path, "2025-10-01,1,国庆节,某文件,原文\n2025-09-28,0,调休上班,某文件,原文\n")

    assert "已载入 2 天，0 件退录申请的期限随之变动" in capsys.readouterr().out

    load(tmp_path, "2025/10/1,1,国庆节,某文件,原文\n2025-10-01,1,中秋节,某文件,原文\n", "gb18030")

    assert list(CalendarDay.objects.filter(day__year=2025).values_list("note", flat=True)) == ["国庆节、中秋节"]


def test_a_faulty_row_stops_all_of_them_and_is_named(tmp_path: Path) -> None:
    before = CalendarDay.objects.count()
    with pytest.raises(CommandError, match="第 3 行"):
        load(tmp_path, "2025-10-01,1,国庆节,某文件,原文\n2025-10-40,1,国庆节,某文件,原文\n")

    assert CalendarDay.objects.count() == before


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="读不到文件"):
        call_command("load_calendar", str(tmp_path / "none.csv"))


def test_two_holidays_on_one_day_are_one_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spelled = {"2025-10-06": "国庆节", "2025/10/6": "中秋节", "2025年10月6日": "中秋节"}
    load(tmp_path, "".join(f"{day},1,{name},国办文,原文\n" for day, name in spelled.items()))

    assert "已载入 1 天" in capsys.readouterr().out
    assert CalendarDay.objects.get(day="2025-10-06").note == "国庆节、中秋节"


def test_rows_that_contradict_each_other_are_named_by_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="第 4 行·安排：2025-10-11 在第 2 行是放假，在这一行是上班") as refused:
        load(tmp_path, "2025-10-11,1,国庆节,某文件,原文\n\n20251011,0,调休上班,某文件,原文\n")

    assert refused.value.returncode == 1


def test_a_note_that_is_too_long_once_joined_is_named_and_not_cut(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="第 3 行·说明：2025-10-06 的说明合起来超过 40 个字"):
        load(tmp_path, f"2025-10-06,1,{'国' * 30},某文件,原文\n2025-10-06,1,{'中' * 30},某文件,原文\n")


@pytest.mark.parametrize("written", ["2025-W41-1", "2025-10-6-1", "十月六日", "45936"])
def test_a_day_in_no_known_spelling_is_named_with_what_was_written(tmp_path: Path, written: str) -> None:
    with pytest.raises(CommandError, match=f"第 2 行·日期：‘{written}’不是日期"):
        load(tmp_path, f"{written},1,国庆节,某文件,原文\n")
