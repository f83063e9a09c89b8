"""The engine compiled beforehand: afterwards a run finds every loop it needs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

# In its own process: what this one has compiled already would hide what is missing.
_SCRIPT = """
import importlib, json, pkgutil, sys
import django; django.setup()
from numba.core.registry import CPUDispatcher
import yangguang.engine
from yangguang.actions.runs.engine_warmup import warm
def count_signatures():
    counts = {}
    for one in pkgutil.iter_modules(yangguang.engine.__path__):
        for name, loop in vars(importlib.import_module(f"yangguang.engine.{one.name}")).items():
            if isinstance(loop, CPUDispatcher):
                counts[name] = len(loop.signatures)
    return counts
warm()
once = count_signatures()
warm()
json.dump([once, count_signatures()], sys.stdout)
"""


@pytest.mark.slow
def test_every_loop_that_a_run_calls_is_compiled_and_once_only(tmp_path: Path) -> None:
    env = {
        "DJANGO_SETTINGS_MODULE": "yangguang.settings",
        "YANGGUANG_DEMO": "1",
        "YANGGUANG_VAR": str(tmp_path),
        "DATABASE_URL": "postgresql:///nowhere",
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        env=env,
        capture_output=True,
        timeout=300,
        cwd=Path(__file__).parents[2],
        check=True,
    )
    once, again = json.loads(done.stdout)

    assert again == once
    assert {"match_simple", "match_quotas", "_copy_cells", "_find_cells", "_walk"} <= once.keys()
    assert [name for name, count in once.items() if not count] == []
