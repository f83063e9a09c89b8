"""A database that was never migrated, and a folder that cannot be: a sentence and exit code 1, never a traceback."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

MIGRATE = "请先运行 yangguang migrate 或 make demo，再试一次。"
ALL = list(range(1, 27))


def at(name: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@pytest.fixture
def fresh() -> Iterator[str]:
    """The address of a database without tables."""
    name = f"test_run{os.getpid()}_fresh"
    with psycopg.connect(at("postgres"), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield at(name)
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def said(*arguments: str, **more: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command in the demonstration; "" takes a variable away."""
    env = {name: value for name, value in (os.environ | {"YANGGUANG_DEMO": "1"} | more).items() if value}
    command = [sys.executable, "-m", "yangguang", *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    "arguments",
    [("verify-audit",), ("run-round", "1"), ("load-targets", __file__, "--year", "2024", "--parent", "郑州市")],
)
def test_a_command_asks_for_the_tables_first(arguments: tuple[str, ...], fresh: str) -> None:
    code, out, err = said(*arguments, "--json", DATABASE_URL=fresh)
    sentence = json.loads(out)["error"]

    assert (code, err) == (1, f"{sentence}\n")
    assert sentence.startswith("数据库里还没有表")
    assert sentence.endswith(MIGRATE)


def test_a_form_asks_for_the_tables_first(fresh: str, tmp_path: Path) -> None:
    out = str(tmp_path / "targets.csv")
    code, _, err = said("sheet", "targets", "--unit", "郑州市", "--out", out, DATABASE_URL=fresh)

    assert code == 1
    assert err.endswith(f"{MIGRATE}\n")


def test_every_invariant_is_pending_without_tables(fresh: str) -> None:
    code, out, err = said("check-invariants", "--json", DATABASE_URL=fresh)

    assert (code, err, json.loads(out)) == (0, "", {"held": [], "pending": ALL, "broken": []})


def test_with_some_of_the_tables_only_what_can_be_asked_is(fresh: str) -> None:
    with psycopg.connect(fresh, autocommit=True) as server:
        server.execute("CREATE TABLE yangguang_unit (id bigint, source text)")
        server.execute("INSERT INTO yangguang_unit VALUES (7, '电话15400001234')")
    code, out, _ = said("check-invariants", "--json", DATABASE_URL=fresh)
    document = json.loads(out)

    assert (code, document["pending"]) == (1, [number for number in ALL if number != 25])
    assert [one["rows"] for one in document["broken"]] == [["yangguang_unit.source:7"]]


def test_a_folder_that_cannot_hold_data_is_named() -> None:
    code, out, _ = said("check-invariants", "--json", DATABASE_URL="", YANGGUANG_VAR="/proc/x")
    sentence = json.loads(out)["error"]

    assert code == 1
    assert sentence.startswith("数据目录 /proc/x 不能使用，没有办理。")
    assert sentence.endswith("请用环境变量 YANGGUANG_VAR 指定一个可以写入的目录。")
