"""`yangguang set-clock`: the practice clock goes where the operator says, and in production nowhere."""

from datetime import datetime

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from yangguang import clock
from yangguang.models import PracticeClock
from yangguang.rules.seasons.windows import SHANGHAI

pytestmark = pytest.mark.django_db


def test_the_practice_clock_goes_where_the_command_says(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("set_clock", "2024-11-08T09:00")

    assert clock.now() == datetime(2024, 11, 8, 9, tzinfo=SHANGHAI)
    assert "时钟现在是 2024年11月8日09:00" in capsys.readouterr().out


def test_production_has_no_practice_clock(settings: Settings) -> None:
    settings.DEMO = False

    with pytest.raises(CommandError, match="正式环境不能调整时钟"):
        call_command("set_clock", "2024-11-08T09:00")

    assert PracticeClock.objects.count() == 0


def test_another_spelling_is_refused_with_the_right_one() -> None:
    with pytest.raises(CommandError, match="请写成 2024-11-08T09:00 的样子"):
        call_command("set_clock", "8.11.2024")
