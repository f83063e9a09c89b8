"""Random seasons: submit, run, publish, answer, wait, leave, transfer, supplement, stop; invariants after every step.

`YANGGUANG_SEASONS=400 pytest tests/stateful` runs so many seasons, longer and different each time; without it a few
seasons are run that are always the same.
"""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.stateful.after_results import WholeSeasonMachine
from tests.stateful.setup import Setup

SEASONS = int(os.environ.get("YANGGUANG_SEASONS", "0"))
SETTINGS = settings(
    max_examples=SEASONS or 45,
    stateful_step_count=70 if SEASONS else 35,
    derandomize=not SEASONS,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)

DONE = {
    "person.register",
    "choices.submit",
    "lottery.commit",
    "run.start",
    "run.propose",
    "run.approve",
    "run.publish",
    "answer.accept",
    "answer.decline",
    "answer.lapse",
    "answer.set_auto",
    "waiting.offer_due",
    "waiting.accept",
    "withdrawal.ask",
    "withdrawal.comment",
    "withdrawal.carry_out",
    "seat.claim",
    "seat.transfer",
    "check_in.take",
    "check_in.release_absent",
    "round.open",
    "sanction.approve",
    "plan.change_after_open",
}
"""Acts that must happen at least once in all seasons."""


@pytest.mark.slow
def test_every_invariant_holds_after_every_step_of_a_random_season(setup: Setup) -> None:
    log: Counter[str] = Counter()
    run_state_machine_as_test(lambda: WholeSeasonMachine(setup, log), settings=SETTINGS)
    acts = {act.removesuffix(" DONE") for act in log if act.endswith(" DONE")}

    assert DONE - acts == set(), "an act that never happened was not tested"
