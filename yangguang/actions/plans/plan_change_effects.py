"""What a change of a published programme checks and does besides the seats: the request, and the families. (F-C2)"""

from collections.abc import Mapping
from datetime import datetime

from yangguang.actions.base.action import update_versioned
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.messages.enqueue import enqueue_for_families
from yangguang.actions.plans.programmes import read_drafts
from yangguang.models import Plan, PlanChange, Programme, Quota
from yangguang.postgres.sql import fetch_all
from yangguang.queries.plans.plan_limits import limits_of
from yangguang.rules.base.names import mask_name
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.plan_change_states import TRANSITIONS
from yangguang.rules.plans.plan_changes import check_growth, count_difference
from yangguang.rules.plans.programmes import KEY_FIELDS

# Students whose choices in force name the programme, in a round without a published result.
_NAMING = """
SELECT DISTINCT a.person_id, p.name
FROM (
    SELECT DISTINCT ON (v.application_id, v.round_id) v.application_id, v.round_id, v.programmes
    FROM yangguang_choiceversion AS v ORDER BY v.application_id, v.round_id, v.number DESC
) AS last
JOIN yangguang_application AS a ON a.id = last.application_id AND a.state = 'CHOSEN'
JOIN yangguang_person AS p ON p.id = a.person_id
WHERE %(programme)s = ANY(last.programmes)
  AND NOT EXISTS (SELECT 1 FROM yangguang_admissionrun AS x WHERE x.round_id = last.round_id AND x.state = 'PUBLISHED')
ORDER BY a.person_id
"""


def require_seats(at: datetime, plan: Plan, programme: Programme, seats: Mapping[str, int]) -> int:
    """By how many seats the programme grows.

    Raises:
        Refused: a quota of another programme, or fewer seats than are taken; BadRows: the added seats break a rule.
    """
    quotas = Quota.objects.filter(programme=programme, programme__plan=plan)
    difference = count_difference(programme.major, quotas, seats)
    # Fewer seats never break a rule, and a reduction may take several steps.
    if difference > 0:
        key = tuple(getattr(programme, name) for name in KEY_FIELDS)
        check_growth(plan.capacity, read_drafts(plan), key, seats, limits_of(plan.school, plan.season.year, at))
    return difference


def carry_out_request(entry: AuditRecord, request: PlanChange, programme: Programme) -> None:
    """Mark the school's request as carried out by the actor's unit.

    Raises:
        Refused: it is about another programme.
        IllegalMove: it is answered.
    """
    row = PlanChange.objects.select_for_update().get(pk=request.pk)
    if row.programme_id != programme.pk:
        raise Refused("这份申请不是对这个计划行提出的", now="请从计划调整申请重新进入")
    state = TRANSITIONS.next_state("carry_out", row.state)
    update_versioned(row, state=state, answered_by_id=entry.by.unit, answered_at=entry.at)


def notify_families(plan: Plan, programme: Programme, before: int, after: int) -> int:
    """Queue a message to every family whose choices in force name the programme; returns how many students."""
    rows = fetch_all(_NAMING, {"programme": programme.pk})
    texts = [
        f"【阳光招生】{mask_name(row.name)}同学填报的{plan.school.name}“{programme.major}”计划数由{before}人调整为{after}人。"
        "志愿没有改变，已取得的名额不受影响；志愿填报截止前可以登录修改。"
        for row in rows
    ]
    subject = f"plan:{plan.public_id}:{plan.version}"
    enqueue_for_families([row.person_id for row in rows], "plan.change_after_open", subject, texts)
    return len(rows)
