"""免试注册: the first valid consent takes a free seat, in one conditional statement. (R3.08, R5.03, F-C6)"""

from datetime import datetime

from yangguang.actions.admissions.seat_eligibility import (
    get_quota,
    has_free_seat,
    read_facts,
    read_person_facts,
    require_programme,
)
from yangguang.actions.admissions.seats import admit_one
from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import Admission, Application, Programme, Round
from yangguang.postgres.sql import Row
from yangguang.queries.runs.preconditions import DIRECT
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.applicants import application_states
from yangguang.rules.base.refusals import Refused
from yangguang.rules.runs.published_properties import ONE_SEAT
from yangguang.rules.seasons.windows import WindowKind


@action("seat.claim", Right.CHOICE_WRITE, on="application", window=WindowKind.CHOICES, during="round", creates=True)
def enrol(entry: AuditRecord, *, by: Actor, application: Application, round: Round, programme: Programme) -> Admission:
    """Take one free seat by one's own consent; the admission is accepted at once.

    Raises:
        Refused: no free seat, another seat of the year, another origin, a stopped school, or a programme
            whose seats a run or a waiting list gives away.
    """
    facts = _require(application, round, programme, entry.at, lock=True)
    has_seat, admission = admit_one(application, round, quota=get_quota(facts), facts=facts, at=entry.at)
    if not has_seat:
        raise _refuse_full()
    if admission is None:
        raise _refuse_second_seat()
    entry.add_facts(programme=facts.code)
    return Admission(pk=admission, application=application, round=round, programme=programme)


@enrol.preflight
def _(at: datetime, *, by: Actor, application: Application, round: Round, programme: Programme) -> None:
    if not has_free_seat(get_quota(_require(application, round, programme, at, lock=False))):
        raise _refuse_full()


def require_may_enrol(application: Application, round: Round) -> None:
    """Raise Refused when `enrol` would refuse this person for every programme, so that a page offers no button."""
    _require_person(application, round, read_person_facts(application, round))


def _require(application: Application, round: Round, programme: Programme, at: datetime, *, lock: bool) -> Row:
    """The facts of `read_facts`; raises what `enrol` raises, apart from a full quota."""
    facts = read_facts(application, round, programme)
    _require_person(application, round, facts)
    require_programme(application, round, facts, at, lock=lock)
    return facts


def _require_person(application: Application, round: Round, facts: Row) -> None:
    if round.kind not in DIRECT:
        raise Refused(f"“{round.name}”不是免试注册批次", now="请在志愿填报页面填报志愿")
    if round.season_id != application.season_id:
        raise Refused("这次报名不属于本批次所在的招生季", now="请从“我的页面”重新进入")
    if application.state == application_states.WITHDRAWN:
        raise Refused("您的报名已经撤回", now="请先重新报名")
    if facts.has_case:
        raise Refused("您的身份信息正在核查", why="核查期间不能占用名额", now="请联系县级招生主管部门")
    if facts.holds_seat:
        raise _refuse_second_seat()
    if facts.gave_up:
        raise Refused(
            "您在本批次注册过，又放弃了", why="同一批次每人只能注册一次", now="请在“招生时间”查看还有哪些批次"
        )


def _refuse_full() -> Refused:
    return Refused("这个专业的名额已经注册满了", why="名额以提交时数据库的记录为准", now="请选择其他有名额的专业")


def _refuse_second_seat() -> Refused:
    return Refused(
        "您本年度已经占用一个名额",
        why="一人一席：同一年度只能占用一个名额，不分学校和主管线",
        now="如要换到这里，请先在“我的录取”中放弃或退录",
        clause=ONE_SEAT,
    )
