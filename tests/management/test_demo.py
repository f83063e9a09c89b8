"""A demonstration with a wrong number is refused before anything is emptied."""

from typing import Any

import pytest

from yangguang.demo import stage
from yangguang.management.commands.demo import Command


@pytest.mark.parametrize("number", ["-5", "0", "1.5", "abc", "1000001", "٣"])
def test_a_wrong_number_of_students_plays_nothing(
    number: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    played: list[Any] = []
    monkeypatch.setattr(stage, "play", lambda *asked: played.append(asked))
    with pytest.raises(SystemExit) as ended:
        Command().run_from_argv(["yangguang", "demo", "--once", "--applicants", number])
    assert (ended.value.code, played) == (2, [])
    assert "1 至 1,000,000" in capsys.readouterr().err
