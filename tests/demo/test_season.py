"""The whole season from the command line: every stage is reached, every invariant holds, a seed repeats itself."""

import json
import os
import subprocess
import sys
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


@pytest.mark.slow
def test_a_season_is_played_to_its_end_and_a_seed_gives_the_same_outcome(tmp_path: Path) -> None:
    # Held open, so that the server is started once for both seasons.
    with database(tmp_path, env={}):
        first, again = play(tmp_path, seed=11), play(tmp_path, seed=11)
    stages = first["stages"]
    assert isinstance(stages, dict) and list(stages) == STAGES
    assert stages["registered"] == 60
    assert 0 < stages["confirmed"] <= stages["recorded"] <= stages["checked_in"] <= stages["admitted"]
    assert first["invariants"]["broken"] == []  # type: ignore[index]
    assert first["output_hash"] == again["output_hash"]
