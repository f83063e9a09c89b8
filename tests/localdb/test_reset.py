"""A reset deletes the demonstration's data, and nothing that is in use or someone else's."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from yangguang.localdb import database
from yangguang.localdb.__main__ import reset
from yangguang.localdb.wipe import wipe_database
from yangguang.rules.base.refusals import Refused


def test_a_database_of_somebodys_own_is_never_emptied(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql:///province")
    (var / "pg").mkdir()
    with pytest.raises(Refused, match="不会被自动清空"):
        reset(var)

    assert (var / "pg").exists()


def test_a_running_demonstration_is_not_pulled_away(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    with database(var, env={}), pytest.raises(Refused, match="正在运行"):
        reset(var)

    assert (var / "pg" / "data").exists()


def test_all_data_but_the_tests_own_are_deleted(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    for name in ("pg/data", "sms", "static", "tests/pg"):
        (var / name).mkdir(parents=True)
    (var / "note.txt").write_text("x")
    reset(var)

    assert [entry.name for entry in var.iterdir()] == ["tests"]


def test_nothing_to_delete_is_fine(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    reset(var / "none")

    assert not (var / "none").exists()


def test_a_season_is_not_played_over_one_that_is_served(var: Path) -> None:
    with database(var, env={}) as url, psycopg.connect(url, autocommit=True) as site:
        site.execute("CREATE TABLE yangguang_practiceclock ()")
        site.execute("CREATE TABLE yangguang_account ()")
        with pytest.raises(Refused, match="正在使用这个数据库"):
            wipe_database(url)
        assert site.execute("SELECT to_regclass('yangguang_account')::text").fetchone() == ("yangguang_account",)
        site.close()
        wipe_database(url)
        with psycopg.connect(url) as again:
            assert again.execute("SELECT to_regclass('yangguang_account')").fetchone() == (None,)


ASKS = """
import django; django.setup()
from yangguang.simulation import runner
print(runner.is_finished()); runner.clear(); print(runner.is_finished())
"""


def test_what_the_program_itself_has_asked_does_not_stand_in_its_way(var: Path) -> None:
    with database(var, env={}) as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE yangguang_practiceclock ()")
            connection.execute("CREATE TABLE yangguang_account ()")
        ours = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "yangguang.settings", "YANGGUANG_DEMO": "1"}
        env = os.environ | ours | {"YANGGUANG_VAR": str(var)}
        said = subprocess.run([sys.executable, "-c", ASKS], env=env, capture_output=True, text=True, check=True)
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT to_regclass('yangguang_account')").fetchone() == (None,)

    assert said.stdout.split() == ["False", "False"]
