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
