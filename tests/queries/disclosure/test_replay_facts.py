"""The rules in a bundle are those that decided: the terms of the round as of its opening."""

from datetime import timedelta

import pytest

from tests.support.builders.policy import set_rule
from tests.support.builders.ranked_round import Ranked
from tests.support.personas import Personas
from yangguang import clock
from yangguang.models import AdmissionRun, PolicyRule, Round
from yangguang.queries.disclosure.replay_facts import load_facts

pytestmark = pytest.mark.django_db


def test_a_row_that_came_after_the_opening_is_not_among_the_rules_of_the_bundle(personas: Personas) -> None:
    ranked = Ranked.lay(personas)
    ranked.programme("A", 1)
    ranked.apply(600, "A")
    ranked.close()
    ranked.published()
    Round.objects.update(opened_at=clock.now() - timedelta(days=10))
    day = (clock.now() - timedelta(days=5)).date()
    for key, earlier, later in (("round.max_choices", 6, 4), ("disclosure.small_cell", 5, 7)):
        PolicyRule.objects.filter(key=key).delete()
        set_rule(key, earlier)
        PolicyRule.objects.create(key=key, value=later, valid_from=day, source="后来的文件")

    facts = load_facts(AdmissionRun.objects.select_related("round__season").get())

    values = {rule["key"]: rule["value"] for rule in facts["rules"]}  # type: ignore[attr-defined]

    assert (values["round.max_choices"], values["disclosure.small_cell"]) == (6, 7)
    assert "round.edge_tie" not in values
