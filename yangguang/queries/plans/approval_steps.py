"""The review of a plan: who did each step, and which bureau reviews it next. (R1.03, F-C2)"""

from dataclasses import dataclass
from datetime import datetime

from yangguang.models import Plan, Season
from yangguang.postgres.sql import fetch_all
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.events import EVENTS
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.approval_chain import find_approval
from yangguang.rules.plans.plan_states import IN_APPROVAL, TRANSITIONS


@dataclass(frozen=True, slots=True)
class ApprovalStep:
    """One version of a plan: its state, who did what when; `programmes` and `seats` count what it had then."""

    version: int
    state: str
    act: str
    unit: str
    at: datetime
    programmes: int
    seats: int

    @property
    def state_label(self) -> str:
        return TRANSITIONS.states[self.state]


# The audit entry of a step was written in the same transaction, so it has the same instant.
_STEPS = """
SELECT v.version, v.state, coalesce(e.action, '') AS act, coalesce(u.name, '') AS unit, v.recorded_at AS at,
       jsonb_array_length(v.programmes) AS programmes,
       (SELECT coalesce(sum((l ->> 'seats')::int), 0)::int FROM jsonb_array_elements(v.programmes) AS l) AS seats
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


def approval_steps(plan: Plan) -> list[ApprovalStep]:
    """Every step of one plan, the newest first; one query."""
    rows = fetch_all(_STEPS, {"plan": plan.pk, "subject": f"plan:{plan.public_id}"})
    return [ApprovalStep(**row._asdict() | {"act": EVENTS[row.act] if row.act else ""}) for row in rows]


def is_next_reviewer(by: Actor, plan: Plan) -> bool:
    """Whether the actor's bureau reviews the plan next."""
    try:
        find_approval(by.path, plan.school.path, plan.school.governed_by, plan.state)
    except Refused:
        return False
    return True


def plans_to_review(by: Actor, season: Season) -> list[int]:
    """Row ids of the plans that the actor's bureau reviews next; one query, a province has about 600 plans."""
    plans = Plan.objects.for_actor(by, Right.PLAN_APPROVE).filter(season=season, state__in=IN_APPROVAL)
    rows = plans.select_related("school").only("state", "school__path", "school__governed_by")
    return [plan.pk for plan in rows if is_next_reviewer(by, plan)]
