"""The whole season from the command line: every stage is reached, every invariant holds, a seed repeats itself."""

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


def play(var: Path, *, seed: int) -> dict[str, object]:
    """Run `yangguang demo --once` as a stranger would; the document it prints."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "DJANGO"))}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "yangguang",
            "demo",
            "--once",
            "--applicants",
            "60",
            "--seed",
            str(seed),
            "--json",
        ],
        env=env | {"YANGGUANG_VAR": str(var)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    document: dict[str, object] = json.loads(done.stdout)
    return document


def read_log(url: str, var: Path) -> dict[str, object]:
    """What an auditor reads of the season that was just played."""
    env = {"DATABASE_URL": url, "YANGGUANG_VAR": str(var), "YANGGUANG_DEMO": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulation.log_words"],
        env=os.environ | env | {"DJANGO_SETTINGS_MODULE": "yangguang.settings"},
        capture_output=True, text=True, timeout=120, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    document: dict[str, object] = json.loads(done.stdout)
    return document


@pytest.fixture
def var() -> Iterator[Path]:
    """A folder that the database server may enter, too: as root it runs as a user of its own."""
    made = Path(tempfile.mkdtemp(prefix="yangguang-season-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.mark.slow
def test_a_season_is_played_to_its_end_and_a_seed_gives_the_same_outcome(var: Path) -> None:
    # Held open, so that the server is started once for both seasons.
    with database(var, env={}) as url:
        first = play(var, seed=11)
        log = read_log(url, var)
        again = play(var, seed=11)
    stages = first["stages"]
    assert isinstance(stages, dict) and list(stages) == STAGES
    assert stages["registered"] == 60
    # Each stage is part of the one before. (domain-rules §9)
    assert sorted(stages.values(), reverse=True) == list(stages.values()) and stages["confirmed"] > 0
    assert first["invariants"]["broken"] == []  # type: ignore[index]
    assert first["output_hash"] == again["output_hash"]
    # The log of a whole season is Chinese; DEMO is the beginning of a made-up unit's code.
    assert log["corrected"] == [["CITY", 10], ["PROVINCE", 10]]
    assert log["entries"] > 1000 and set(log["words"]) <= {"DEMO"}  # type: ignore[operator, call-overload]
