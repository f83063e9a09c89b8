"""Every state has a look."""

import pytest

from yangguang.rules.accounts import key_states
from yangguang.rules.admissions import admission_states, claim_states
from yangguang.rules.applicants import application_states, case_states
from yangguang.rules.plans import plan_change_states, plan_states
from yangguang.rules.records import record_states
from yangguang.rules.reporting import report_states
from yangguang.rules.runs import run_states
from yangguang.rules.supervision import sanction_states
from yangguang.web.kit import status_badges

MACHINES = (
    admission_states,
    application_states,
    case_states,
    claim_states,
    key_states,
    plan_change_states,
    plan_states,
    record_states,
    report_states,
    run_states,
    sanction_states,
)
pytestmark = pytest.mark.usefixtures("templates_alone")


def test_every_state_of_the_rules_has_a_look() -> None:
    states = {state for machine in MACHINES for state in machine.TRANSITIONS.states}

    assert states - set(status_badges.LOOK_OF_STATE) == set()


def test_an_unknown_state_is_refused_instead_of_drawn() -> None:
    with pytest.raises(KeyError):
        status_badges.look_of("NO_SUCH_STATE")
