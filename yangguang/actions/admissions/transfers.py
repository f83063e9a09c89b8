"""换录: give one seat up and take another in one transaction, before a record exists. (R6.06, F-D11)"""

from datetime import datetime

from django.db.models import F

from yangguang.actions.admissions import seats, waiting_list_offers
from yangguang.actions.admissions.seat_eligibility import (
    get_quota,
    has_free_seat,
    read_facts,
    read_person_facts,
    require_programme,
)
from yangguang.actions.admissions.transitions import transition
from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import Admission, Application, Programme, Round, Withdrawal
from yangguang.postgres.sql import Row
from yangguang.queries.admissions.current_admission import find_current_admission, has_record, require_seat
from yangguang.queries.runs.preconditions import DIRECT
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions import withdrawal_states
from yangguang.rules.admissions.end_reasons import EndReason
from yangguang.rules.base.refusals import IllegalMove, Refused
from yangguang.rules.runs.rounds import RoundKind
from yangguang.rules.seasons.windows import WindowKind

OPEN_TO_TRANSFER = DIRECT | {RoundKind.TRANSFER.value}
"""Kinds of rounds whose free seats a student with another seat may take."""


@action("seat.transfer", Right.SEAT_TRANSFER, on="application", window=WindowKind.CHOICES, during="round", creates=True)
def transfer(
    entry: AuditRecord,
    *,
    by: Actor,
    application: Application,
    round: Round,
    programme: Programme,
    seen: str | None = None,
) -> Admission:
    """Move to a free seat of a round of registration or transfer; a refusal leaves the old seat as it was.

    Args:
        seen: the seat that the page said is given up; see `require_seat`.
    Raises:
        VersionConflict: the student has another seat since.
        Refused: there is no seat to give up, it is not answered yet, a record exists, or the new seat cannot be had.
    """
    facts = read_facts(application, round, programme)
    current = _require_current(application, round, facts, programme)
    require_seat(current, seen)
    quota = get_quota(facts)
    seats.lock_quotas("SELECT unnest(%(quotas)s::bigint[])", {"quotas": [current.quota_id, quota]})
    reason, student = EndReason.TRANSFERRED, Admission.Cause.STUDENT
    released = transition("release", [current.pk], entry.at, cause=student, reason=reason)
    if not released:
        raise IllegalMove("您的录取刚刚有了变化", now="请刷新页面，查看最新状态")
    seats.release_seats(released, student)
    # Checked after the old seat is free, so that a move within a capped school adds no person to it.
    require_programme(application, round, facts, entry.at, lock=True)
    _, admission = seats.admit_one(application, round, quota=quota, facts=facts, at=entry.at)
    if admission is None:
        raise _refuse_full()
    running = Withdrawal.objects.filter(admission=current, state__in=withdrawal_states.RUNNING)
    running.update(state=withdrawal_states.OVERTAKEN, ended_at=entry.at, version=F("version") + 1)
    waiting_list_offers.end_offers(application.pk, None, entry.at, EndReason.OTHER_SEAT)
    entry.add_facts(programme=programme.code)
    return Admission.objects.get(pk=admission)


@transfer.preflight
def _(
    at: datetime,
    *,
    by: Actor,
    application: Application,
    round: Round,
    programme: Programme,
    seen: str | None = None,
) -> None:
    facts = read_facts(application, round, programme)
    current = _require_current(application, round, facts, programme)
    require_seat(current, seen)
    quota = get_quota(facts)
    require_programme(application, round, facts, at, lock=False, leaves=current.school_id)
    if not has_free_seat(quota):
        raise _refuse_full()


def require_may_transfer(application: Application, round: Round) -> None:
    """Raise Refused when `transfer` would refuse this person for every programme, so that a page offers no button."""
    _require_current(application, round, read_person_facts(application, round))


def _refuse_full() -> Refused:
    return Refused("这个专业已经没有名额了", why="您原来的名额没有变动", now="请选择其他有名额的专业")


def _require_current(
    application: Application, round: Round, facts: Row, programme: Programme | None = None
) -> Admission:
    """The admission that would be given up.

    Args:
        programme: the programme to transfer to, None while none is chosen.
    """
    if round.kind not in OPEN_TO_TRANSFER or round.season_id != application.season_id:
        raise Refused(f"“{round.name}”不办理换录", now="请在换录或免试注册批次中选择专业")
    if facts.has_case:
        raise Refused("您的身份信息正在核查", why="核查期间名额不能变动", now="请联系县级招生主管部门")
    current = find_current_admission(application)
    if current is None:
        raise Refused("您现在没有名额，不用换录", now="请直接注册有名额的专业")
    if programme is not None and current.programme_id == programme.pk:
        raise Refused("您已经在这个专业了", now="请选择其他专业")
    if current.state == "OFFERED":
        raise Refused("您的录取还没有应答", why="先接受，才能换录；也可以放弃后直接注册", now="请先应答")
    if has_record(current):
        raise Refused(
            "您的学籍已经生成，不能再换录",
            why="学籍生成之后换专业、换学校是学籍变动",
            now="请向学校申请转专业或转学，由主管部门审批",
        )
    return current
