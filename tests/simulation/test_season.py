"""The whole season from the command line: every step is reached, every invariant holds, a seed gives one outcome."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from yangguang.localdb import database

STAGES = ["registered", "chosen", "admitted", "answered", "checked_in", "recorded", "confirmed"]


def run_python(*arguments: str, env: dict[str, str]) -> dict[str, object]:
    """The document that `python -m …` prints."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        env=env,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    document: dict[str, object] = json.loads(done.stdout)
    return document


def run_season(var: Path, *, seed: int) -> dict[str, object]:
    """Run `yangguang demo --once` as from a shell."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "DJANGO"))}
    command = f"yangguang demo --once --applicants 60 --seed {seed} --json"
    return run_python(*command.split(), env=env | {"YANGGUANG_VAR": str(var)})


def read_log(url: str, var: Path) -> dict[str, object]:
    """What an auditor reads of the finished season."""
    env = {"DATABASE_URL": url, "YANGGUANG_VAR": str(var), "DJANGO_SETTINGS_MODULE": "yangguang.settings"}
    return run_python("tests.simulation.log_words", env=os.environ | env | {"YANGGUANG_DEMO": "1"})


@pytest.fixture
def var() -> Iterator[Path]:
    """A folder that the database server may enter, too: as root it runs as its own user."""
    folder = Path(tempfile.mkdtemp(prefix="yangguang-season-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.slow
def test_a_season_comes_to_its_end_and_a_seed_gives_the_same_outcome(var: Path) -> None:
    # The server is started once for both seasons.
    with database(var, env={}) as url:
        first = run_season(var, seed=11)
        log = read_log(url, var)
        again = run_season(var, seed=11)
    stages = first["stages"]

    assert isinstance(stages, dict)
    assert list(stages) == STAGES
    assert stages["registered"] == 60
    # Each step is part of the one before.
    assert sorted(stages.values(), reverse=True) == list(stages.values())
    assert stages["confirmed"] > 0
    assert first["invariants"]["broken"] == []  # type: ignore[index]
    assert first["output_hash"] == again["output_hash"]
    # The log of a whole season is Chinese; DEMO is the beginning of the code of a 演示 unit.
    assert log["corrected"] == [["CITY", 10], ["PROVINCE", 10]]
    assert log["entries"] > 1000 and set(log["words"]) <= {"DEMO"}  # type: ignore[operator, call-overload]
