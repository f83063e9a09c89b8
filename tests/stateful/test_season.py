"""Seasons by chance: submit, run, publish, answer, wait, leave, transfer, supplement, stop; all promises at each step.

`YANGGUANG_SEASONS=400 pytest tests/machine` plays that many seasons, longer ones and other ones each time; without it
a few are played that are always the same.
"""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.stateful.after_results import WholeSeason
from tests.stateful.setup import Stage

ASKED = int(os.environ.get("YANGGUANG_SEASONS", "0"))
PLAYS = settings(
    max_examples=ASKED or 30,
    stateful_step_count=70 if ASKED else 35,
    derandomize=not ASKED,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)

DONE = {
    "person.register", "choices.submit", "lottery.commit", "run.start", "run.propose", "run.approve", "run.publish",
    "answer.accept", "answer.decline", "answer.lapse", "answer.set_auto", "waiting.offer_due", "waiting.accept",
    "withdrawal.ask", "withdrawal.comment", "withdrawal.carry_out", "seat.claim",
    "seat.transfer", "check_in.take", "check_in.release_absent", "round.open", "sanction.approve",
    "plan.change_after_open",
}  # fmt: skip
"""What the plays together must have done, each at least once."""


@pytest.mark.slow
def test_whatever_happens_in_a_season_every_promise_holds_after_every_step(stage: Stage) -> None:
    log: Counter[str] = Counter()
    run_state_machine_as_test(lambda: WholeSeason(stage, log), settings=PLAYS)
    acts = {act.removesuffix(" DONE") for act in log if act.endswith(" DONE")}
    assert DONE - acts == set(), "a season in which that never happened proves nothing about it"
