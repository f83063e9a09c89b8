"""A demonstration refuses a wrong number before anything is emptied, and opens with its lists worked through."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.builders.log_changes import create_root
from tests.support.builders.waiting_list import Waited
from tests.support.personas import Personas
from yangguang import clock
from yangguang.management.commands import demo
from yangguang.management.commands.demo import Command
from yangguang.models import WaitingList
from yangguang.postgres.sql import execute
from yangguang.rules.base.refusals import Refused
from yangguang.simulation import calendar, data_version, runner


@pytest.mark.parametrize("number", ["-5", "0", "1.5", "abc", "1000001", "٣"])
def test_a_wrong_number_of_students_starts_nothing(
    number: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started: list[Any] = []
    monkeypatch.setattr(runner, "run_season", lambda *arguments: started.append(arguments))
    with pytest.raises(SystemExit) as ended:
        Command().run_from_argv(["yangguang", "demo", "--once", "--applicants", number])

    assert (ended.value.code, started) == (2, [])
    assert "1 至 1,000,000" in capsys.readouterr().err


@pytest.mark.django_db
def test_the_waiting_list_is_up_to_date_before_the_site_is_announced(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = Waited.lay(personas)
    waited.laid.programme("A", 1)
    waited.apply("2024A0000001", 600, "A")
    waited.apply("2024A0000002", 590, "A")
    waited.publish()
    waited.offer_due()
    yesterday = clock.now() - timedelta(days=1)
    WaitingList.objects.update(refreshed_at=yesterday)
    seen = []

    def serve(*arguments: Any) -> int:
        seen.append(WaitingList.objects.get().refreshed_at)
        return 0

    monkeypatch.setattr(demo, "serve", serve)
    monkeypatch.setattr(runner, "is_finished", lambda: True)
    monkeypatch.setattr(calendar, "DISPLAY_DAY", clock.now() + timedelta(days=1))
    with pytest.raises(SystemExit) as ended:
        Command().handle(once=False, applicants=1, seed=1, port=1, json=False)

    assert ended.value.code == 0
    assert seen == [clock.now()]


@pytest.fixture
def finished(db: None) -> None:
    """The last thing a simulated season does: it publishes the root of the day displayed."""
    create_root(calendar.DISPLAY_DAY.date())


def test_a_season_of_this_code_is_opened(finished: None) -> None:
    data_version.mark_data()

    assert runner.is_finished()


@pytest.mark.parametrize("version", ["NULL", "'0123'"])
def test_a_season_of_other_code_stops_and_names_the_command_that_helps(finished: None, version: str) -> None:
    execute(f"COMMENT ON TABLE yangguang_auditroot IS {version}")

    with pytest.raises(Refused, match="演示数据是另一版代码留下的，请运行 make demo-reset"):
        Command().handle(once=False, applicants=1, seed=1, port=1, json=False)


@pytest.mark.django_db
def test_an_interrupted_season_is_not_opened() -> None:
    assert runner.is_finished() is False


@pytest.mark.django_db
def test_the_students_that_a_small_demonstration_lacks_are_named_with_the_reason(
    personas: Personas, capsys: pytest.CaptureFixture[str]
) -> None:
    create_root(calendar.DISPLAY_DAY.date())

    demo.report_missing_personas()

    lines = capsys.readouterr().err
    assert "首页上缺少 9 个学生身份：“刚注册，还没有填志愿”、“志愿已提交，结果还没公布”" in lines
    assert "0 名学生里没有人处在这些步骤" in lines
    assert "make demo-reset ARGS='--applicants 3000 --seed 7'" in lines
