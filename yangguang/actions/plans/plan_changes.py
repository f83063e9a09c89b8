"""A school asks for other seats of a published programme or withdraws that; the bureau refuses it or carries it out.

Carrying out is `plans.change_after_open`, which takes two people. (F-C2)
"""

from collections.abc import Mapping
from datetime import datetime

from yangguang.actions.base.action import action, update_versioned
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.plans.plan_change_effects import require_seats
from yangguang.models import Plan, PlanChange, Programme, Quota
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.free_text import clean_text
from yangguang.rules.base.refusals import IllegalMove, Refused
from yangguang.rules.plans.plan_change_states import REQUESTED, TRANSITIONS
from yangguang.rules.plans.plan_changes import require_change


@action("plan_change.request", Right.PLAN_CHANGE_REQUEST, on="plan")
def request_change(
    entry: AuditRecord, *, by: Actor, plan: Plan, programme: Programme, seats: Mapping[str, int], reason: str
) -> PlanChange:
    """Ask the bureau for other seats of a published programme; nothing changes until it is carried out.

    Args:
        seats: quota code → wanted seats; only those that differ are stored.

    Raises:
        Refused: no reason, nothing differs, or fewer seats than are taken; BadRows: the added seats break a rule.
        IllegalMove: the plan is not published, or a request for the programme waits.
    """
    seats = _require_request(entry.at, plan, programme, seats, reason)
    row: PlanChange = PlanChange.objects.create(
        programme=programme,
        seats=seats,
        reason=clean_text(reason, where="reason", most=200),
        requested_by_id=by.require_account(),
    )
    entry.add_facts(programme=programme.code)
    return row


@request_change.preflight
def _(at: datetime, *, by: Actor, plan: Plan, programme: Programme, seats: Mapping[str, int], reason: str) -> None:
    _require_request(at, plan, programme, seats, reason)


def _require_request(
    at: datetime, plan: Plan, programme: Programme, seats: Mapping[str, int], reason: str
) -> dict[str, int]:
    """The wanted seats that differ from those of now."""
    require_change(plan.state, reason)
    require_seats(at, plan, programme, seats)
    now = dict(Quota.objects.filter(programme=programme).values_list("code", "seats"))
    wanted = {code: number for code, number in seats.items() if now[code] != number}
    if not wanted:
        raise Refused("各类名额都与现在相同，没有要调整的", now="请填写调整后的名额")
    if PlanChange.objects.filter(programme=programme, state=REQUESTED).exists():
        what, why = f"“{programme.major}”已有一份调整申请在等待办理", "同一计划行一次只办理一份"
        raise IllegalMove(what, why=why, now="请等待主管部门答复，再提出新的申请")
    return wanted


@action("plan_change.refuse", Right.PLAN_CHANGE_REFUSE, on="change")
def refuse(entry: AuditRecord, *, by: Actor, change: PlanChange, answer: str) -> PlanChange:
    """Refuse a school's request with words that the school reads; the plan stays as it is.

    Raises:
        Refused: no words; IllegalMove: the request is answered.
    """
    values = {"state": _require_refusable(change, answer), "answer": clean_text(answer, where="answer", most=200)}
    update_versioned(change, **values, answered_by_id=by.unit, answered_at=entry.at)
    entry.add_facts(programme=change.programme.code, state=change.state, remark=change.answer)
    return change


@refuse.preflight
def _(at: datetime, *, by: Actor, change: PlanChange, answer: str) -> None:
    _require_refusable(change, answer)


def _require_refusable(change: PlanChange, answer: str) -> str:
    if not answer.strip():
        raise Refused("没有写明不批准的原因", why="学校会原样看到", now="请写明原因", where="answer")
    return TRANSITIONS.next_state("refuse", change.state)


@action("plan_change.withdraw", Right.PLAN_CHANGE_REQUEST, on="change")
def withdraw(entry: AuditRecord, *, by: Actor, change: PlanChange, reason: str) -> PlanChange:
    """Withdraw the school's own request with words that the bureau reads; the plan stays as it is.

    Raises:
        Refused: no words; IllegalMove: the request is answered.
    """
    values = {"state": _require_withdrawable(change, reason), "answer": clean_text(reason, where="reason", most=100)}
    update_versioned(change, **values, answered_by_id=by.unit, answered_at=entry.at)
    entry.add_facts(programme=change.programme.code, state=change.state, remark=change.answer)
    return change


@withdraw.preflight
def _(at: datetime, *, by: Actor, change: PlanChange, reason: str) -> None:
    _require_withdrawable(change, reason)


def _require_withdrawable(change: PlanChange, reason: str) -> str:
    if not reason.strip():
        raise Refused("没有写明撤回的原因", why="主管部门会原样看到", now="请写明原因", where="reason")
    return TRANSITIONS.next_state("withdraw", change.state)
