"""换录: give one seat back and take another in one transaction, before the record; or nothing happens at all.
(R6.06, F-D11)
"""

from datetime import datetime
from typing import Any

from yangguang.actions.admissions import seats, waiting_list_offers
from yangguang.actions.admissions.seat_eligibility import (
    facts_of,
    has_seat,
    person_facts,
    quota_for,
    require_programme,
)
from yangguang.actions.admissions.transitions import transition
from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import Admission, Application, Programme, Round
from yangguang.postgres.sql import execute, fetch_one
from yangguang.queries.runs.preconditions import DIRECT
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions import withdrawal_states
from yangguang.rules.admissions.end_reasons import Ending
from yangguang.rules.base.refusals import IllegalMove, Refused
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.seasons.rounds import RoundKind, WindowKind

OPEN_TO_TRANSFER = DIRECT | {RoundKind.TRANSFER.value}
"""Rounds whose free seats may be named by somebody who holds another one."""

# The seat that is given up: of this application, answered, and without a record.
_HELD = """
SELECT a.id, a.quota_id, a.programme_id, a.state, EXISTS (
    SELECT 1 FROM yangguang_studentrecord AS k WHERE k.admission_id = a.id AND k.state <> 'CANCELLED'), a.school_id
FROM yangguang_admission AS a
JOIN live_claim AS c ON c.admission_id = a.id
WHERE a.application_id = %s
"""
_BOTH = "SELECT unnest(%(quotas)s::bigint[])"
_OVERTAKE = f"""
UPDATE yangguang_withdrawal SET state = 'OVERTAKEN', ended_at = %s, version = version + 1
WHERE admission_id = %s AND state IN {render_states(withdrawal_states.RUNNING)}
"""


@action(
    "seat.transfer",
    Right.SEAT_TRANSFER,
    on="application",
    window=WindowKind.CHOICES,
    during="round",
    creates=True,
)
def transfer(
    entry: AuditRecord, *, by: Actor, application: Application, round: Round, programme: Programme
) -> Admission:
    """Transition to a free seat of a round of registration or transfer; the old seat is kept until the new one is held.

    Raises:
        Refused: nothing is held, it is not answered yet, a record was made, or the new seat cannot be had; the
            old one is then as it was.
    """
    facts = facts_of(application, round, programme)
    held = _require_held(application, round, programme, facts)
    quota = quota_for(facts)
    seats.lock_quotas(_BOTH, {"quotas": [held[1], quota]})
    left = transition(
        "release", [held[0]], entry.at, cause=Admission.Cause.STUDENT, reason=Ending.TRANSFERRED
    )
    if not left:
        raise IllegalMove("您的录取刚刚有了变化", now="请刷新页面，查看最新状态")
    seats.release(left, Admission.Cause.STUDENT)
    # Asked after the old seat is back, so that moving within a capped school is no one more; a refusal undoes all.
    require_programme(application, round, facts, entry.at, lock=True)
    had_seat, admission = seats.take_one(
        quota=quota, root=facts["root"], year=facts["year"], application=application.pk,
        person=application.person_id, school=facts["school"], round=round.pk, programme=programme.pk, at=entry.at,
    )  # fmt: skip
    if not had_seat or admission is None:
        raise _full()
    execute(_OVERTAKE, (entry.at, held[0]))
    waiting_list_offers.end(application.pk, None, entry.at, Ending.OTHER_SEAT)
    entry.add_facts(programme=programme.code)
    found: Admission = Admission.objects.get(pk=admission)
    return found


@transfer.preflight
def _(at: datetime, *, by: Actor, application: Application, round: Round, programme: Programme) -> None:
    facts = facts_of(application, round, programme)
    held = _require_held(application, round, programme, facts)
    quota = quota_for(facts)
    require_programme(application, round, facts, at, lock=False, leaves=held[5])
    if not has_seat(quota):
        raise _full()


def require_may_transfer(application: Application, round: Round) -> None:
    """Raise Refused if `transfer` would refuse this person whatever the programme, so that a page offers no such button."""
    _require_held(application, round, None, person_facts(application, round))


def _full() -> Refused:
    return Refused("这个专业已经没有名额了", why="您原来的名额没有变动", now="请选择其他有名额的专业")


def _require_held(
    application: Application, round: Round, programme: Programme | None, facts: dict[str, Any]
) -> tuple[Any, ...]:
    """The admission that is given up: row id, quota, programme, state, whether a record rests on it, school.

    Args:
        programme: the programme that is wanted, None as long as none was named.
    """
    if round.kind not in OPEN_TO_TRANSFER or round.season_id != application.season_id:
        raise Refused(f"“{round.name}”不办理换录", now="请在换录或免试注册批次中选择专业")
    if facts["case"]:
        raise Refused("您的身份信息正在核查", why="核查期间名额不能变动", now="请联系县级招生主管部门")
    held = fetch_one(_HELD, (application.pk,))
    if held is None:
        raise Refused("您现在没有名额，不用换录", now="请直接注册有名额的专业")
    if programme is not None and held[2] == programme.pk:
        raise Refused("您已经在这个专业了", now="请选择其他专业")
    if held[3] == "OFFERED":
        raise Refused("您的录取还没有应答", why="先接受，才能换录；也可以放弃后直接注册", now="请先应答")
    if held[4]:
        raise Refused(
            "您的学籍已经生成，不能再换录",
            why="学籍生成之后换专业、换学校是学籍变动",
            now="请向学校申请转专业或转学，由主管部门审批",
        )
    return held
