"""Seasons by chance: submit, run, publish, answer, wait, leave, transfer, supplement, stop; all promises at each step.

`YANGGUANG_SEASONS=400 pytest tests/machine` plays that many seasons, longer ones and other ones each time; without it
a few are played that are always the same.
"""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.later import WholeSeason
from tests.machine.stage import Stage

ASKED = int(os.environ.get("YANGGUANG_SEASONS", "0"))
PLAYS = settings(
    max_examples=ASKED or 14,
    stateful_step_count=70 if ASKED else 40,
    derandomize=not ASKED,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)


@pytest.mark.slow
def test_whatever_happens_in_a_season_every_promise_holds_after_every_step(stage: Stage) -> None:
    log: Counter[str] = Counter()
    run_state_machine_as_test(lambda: WholeSeason(stage, log), settings=PLAYS)
    print("\n".join(f"{n:6} {act}" for act, n in sorted(log.items())))
