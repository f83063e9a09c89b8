"""What a table of states gives to SQL."""

from yangguang.rules.admissions import claim_states
from yangguang.rules.base.state_machine import render_states


def test_states_are_rendered_as_a_list_for_sql() -> None:
    assert render_states(claim_states.LIVE) == "('HELD', 'CONFIRMED')"


def test_one_state_is_a_list_too() -> None:
    assert render_states(claim_states.TRANSITIONS["confirm"].froms) == "('HELD')"
