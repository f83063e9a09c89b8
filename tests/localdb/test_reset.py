"""Starting afresh deletes the demonstration's data, and nothing that is in use or somebody's own."""

from pathlib import Path

import pytest

from yangguang.localdb import database
from yangguang.localdb.__main__ import reset
from yangguang.rules.refusals import Refused


def test_a_database_of_somebodys_own_is_never_emptied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql:///province")
    (tmp_path / "pg").mkdir()
    with pytest.raises(Refused, match="不会被自动清空"):
        reset(tmp_path)
    assert (tmp_path / "pg").exists()


def test_a_running_demonstration_is_not_pulled_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    with database(tmp_path, env={}), pytest.raises(Refused, match="正在运行"):
        reset(tmp_path)
    assert (tmp_path / "pg" / "data").exists()


def test_all_data_but_the_tests_own_are_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    for name in ("pg/data", "sms", "static", "tests/pg"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "note.txt").write_text("x")
    reset(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["tests"]


def test_nothing_to_delete_is_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    reset(tmp_path / "none")
    assert not (tmp_path / "none").exists()
