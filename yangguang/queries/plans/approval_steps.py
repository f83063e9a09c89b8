"""A plan as its desks see it: who did each step, and whose turn it is. (R1.03, F-C2)"""

from dataclasses import dataclass
from datetime import datetime

from yangguang.models import Plan, Season
from yangguang.postgres.sql import fetch_all
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.events import say_action
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.approval_chain import move_at
from yangguang.rules.plans.plan_states import TRANSITIONS


@dataclass(frozen=True, slots=True)
class PlanStepBy:
    """One step of a plan: what it became, by which office, when; `programmes` and `seats` as they stood then."""

    version: int
    state: str
    says: str
    act: str
    unit: str
    at: datetime
    programmes: int
    seats: int


# The log's entry of a step was written in the same transaction and so bears the same instant.
_STEPS = """
SELECT v.version, v.state, e.action, coalesce(u.name, ''), v.recorded_at, jsonb_array_length(v.programmes),
       (SELECT coalesce(sum((l ->> 'seats')::int), 0)::int FROM jsonb_array_elements(v.programmes) AS l)
FROM yangguang_planversion AS v
LEFT JOIN LATERAL (
    SELECT action, unit FROM yangguang_auditentry
    WHERE at = v.recorded_at AND outcome = 'DONE' AND (
        (subject = %(subject)s AND (facts ->> 'version')::int = v.version)
        OR (action = 'plan.publish' AND v.state = 'PUBLISHED')) ORDER BY action = 'plan.publish' LIMIT 1
) AS e ON true
LEFT JOIN yangguang_unit AS u ON u.id = e.unit
WHERE v.plan_id = %(plan)s ORDER BY v.version DESC
"""


def steps(plan: Plan) -> list[PlanStepBy]:
    """Every step of one plan, the newest first; one query."""
    rows = fetch_all(_STEPS, {"plan": plan.pk, "subject": f"plan:{plan.public_id}"})
    return [
        PlanStepBy(
            version,
            state,
            TRANSITIONS.states[state],
            say_action(act) if act else "",
            unit,
            at,
            programmes,
            seats,
        )
        for version, state, act, unit, at, programmes, seats in rows
    ]


def lies_on(by: Actor, plan: Plan) -> bool:
    """Whether the plan's next step is this bureau's."""
    return _is_mine(by, plan.school.path, plan.school.governed_by, plan.state)


def on_desk(by: Actor, season: Season) -> list[int]:
    """Row ids of the plans in the actor's reach that wait for this bureau; one query, a province has about 600."""
    under_review = Plan.objects.for_actor(by, Right.PLAN_APPROVE).filter(
        season=season, state__in=TRANSITIONS["return_back"].froms
    )
    rows = under_review.values_list("pk", "school__path", "school__governed_by", "state")
    return [pk for pk, path, governed_by, state in rows if _is_mine(by, path, governed_by, state)]


def _is_mine(by: Actor, school: str, governed_by: str, state: str) -> bool:
    try:
        move_at(by.path, school, governed_by, state)
    except Refused:
        return False
    return True
