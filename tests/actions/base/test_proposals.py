"""Which acts of two people replace something, and that a proposal about another version has ended. (F-I6)"""

from tests.access.acts import ACTS
from tests.support.builders.enrolment import Enrolled
from tests.support.personas import Personas
from yangguang.actions.base.dual_approval import AwaitingSecond
from yangguang.actions.plans import plans
from yangguang.models import Plan, Proposal, Round

ADDS_ONLY = {
    "key.issue": "keys by their serials",
    "qualification.publish": "schools to a list",
    "exam_result.load": "the scores of a file; a city's beside the province's",
    "imported.load": "the rows of a file",
    "check_in.release_absent": "those who have not come by now; nothing is typed",
}


def test_every_act_of_two_people_names_what_it_replaces_or_only_adds() -> None:
    dual = {act.spec.name: act.spec for act in ACTS.values() if act.spec.is_dual}  # type: ignore[attr-defined]

    assert {name for name, spec in dual.items() if not spec.replaces} == set(ADDS_ONLY)


def test_a_proposal_for_a_plan_of_another_version_has_ended(personas: Personas) -> None:
    round = Round.objects.create(season=personas.season, number=1, name="集中录取", kind="ranked")
    programme = Enrolled(personas, round).programme()
    for state in ("SUBMITTED", "COUNTY_PASSED", "CITY_PASSED", "APPROVED", "PUBLISHED"):
        Plan.objects.filter(pk=programme.plan_id).update(state=state)
    plan = Plan.objects.get(pk=programme.plan_id)
    params = {"plan": plan, "programme": programme, "seats": {"general": 40}, "reason": "测试"}
    personas.pe1.sign(plans.change_after_open, seen_version=plan.version, **params)
    Plan.objects.filter(pk=plan.pk).update(version=plan.version + 1)
    second = personas.pe2.sign(plans.change_after_open, seen_version=plan.version + 1, **params)

    assert isinstance(second, AwaitingSecond)
    assert second.replaced is not None
    assert second.replaced.proposed_by.username == "pe1"
    assert list(Proposal.objects.filter(ended_at=None)) == [second.proposal]
