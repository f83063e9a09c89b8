"""The rounds of a season, each with its own run, programmes and admissions."""

import pytest

from tests.support.builders.ranked_round import Ranked
from tests.support.personas import Personas
from yangguang.models import Round
from yangguang.queries.runs.rounds import list_round_states

pytestmark = pytest.mark.django_db


def test_each_round_has_the_state_of_its_own_last_run_that_is_no_trial(personas: Personas) -> None:
    ranked = Ranked.lay(personas)
    ranked.programme("A", 2)
    ranked.apply(500, "A")
    ranked.close()
    ranked.run()
    ranked.trial()
    Round.objects.create(season=personas.season, number=9, name="第9批", kind="supplementary_ranked")

    first, other = list_round_states(personas.season)

    assert (first.facts.run, first.facts.run_number, first.facts.programmes, first.facts.seats) == ("CHECKED", 1, 1, 2)
    assert (other.facts.run, other.facts.run_number, other.facts.programmes, other.run_label) == ("", None, 0, "")
