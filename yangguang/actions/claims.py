"""免试注册: the first valid consent into a free seat, in one conditional statement. (domain-rules §3, §5)"""

from datetime import datetime
from typing import Any

from yangguang.actions.entry import Entry
from yangguang.actions.kernel import action
from yangguang.actions.seating import take_one
from yangguang.models import Admission, Application, PlanLine, Round, SpecialNeeds
from yangguang.models.fields import Sealed, stars
from yangguang.queries.freezing import school_limits
from yangguang.queries.rows import fetch_one
from yangguang.queries.run_checks import DIRECT
from yangguang.rules import application_states
from yangguang.rules.actors import Actor
from yangguang.rules.eligibility import Gate, barred_at, kinds_open_to
from yangguang.rules.origins import Origin, StudyForm
from yangguang.rules.patterns import Pattern
from yangguang.rules.refusals import Refused
from yangguang.rules.rights import Right
from yangguang.rules.rounds import WindowKind

# Everything the refusals ask about the line and the person, in one read.
_FACTS = """
SELECT l.code, l.pattern, l.study_form, l.origins, p.school_id, p.state, s.year,
       EXISTS (SELECT 1 FROM yangguang_roundline WHERE round_id = %(round)s AND plan_line_id = l.id),
       coalesce(me.root_id, me.id),
       EXISTS (SELECT 1 FROM yangguang_identitycase
               WHERE state = 'OPEN' AND (person_id = me.id OR other_id = me.id)),
       EXISTS (SELECT 1 FROM yangguang_seatclaim WHERE person_root_id = coalesce(me.root_id, me.id)
               AND intake_year = s.year AND state IN ('HELD', 'CONFIRMED')),
       EXISTS (SELECT 1 FROM yangguang_admission
               WHERE application_id = %(application)s AND round_id = %(round)s),
       EXISTS (SELECT 1 FROM yangguang_admissionrun AS r
               JOIN yangguang_roundline AS rl ON rl.round_id = r.round_id AND rl.plan_line_id = l.id
               WHERE r.state IN ('DRAFTED', 'COMPUTED', 'CHECKED', 'PROPOSED', 'APPROVED', 'TIMED')
                     AND NOT r.is_what_if),
       (SELECT way FROM yangguang_specialneeds WHERE person_id = me.id),
       ARRAY(SELECT code FROM yangguang_planbucket WHERE plan_line_id = l.id ORDER BY id),
       ARRAY(SELECT id FROM yangguang_planbucket WHERE plan_line_id = l.id ORDER BY id)
FROM yangguang_planline AS l
JOIN yangguang_plan AS p ON p.id = l.plan_id
JOIN yangguang_season AS s ON s.id = p.season_id, yangguang_person AS me
WHERE l.id = %(line)s AND me.id = %(person)s
"""
_ADMITTED = """
SELECT count(*) FROM yangguang_seatclaim AS c JOIN yangguang_admission AS a ON a.id = c.admission_id
WHERE a.school_id = %s AND c.intake_year = %s AND c.state IN ('HELD', 'CONFIRMED')
"""


@action(
    "seat.claim",
    Right.CHOICE_WRITE,
    on="application",
    window=WindowKind.CHOICES,
    during="round",
    creates=True,
)
def claim(
    entry: Entry, *, by: Actor, application: Application, round: Round, plan_line: PlanLine
) -> Admission:
    """Take one free seat by one's own consent; it counts as accepted at once and holds the seat of the year.

    Raises:
        Refused: no seat free, a seat held already, not open to this origin, a school that was stopped, or a
            line that is being given away by a ranked run right now.
    """
    facts = _facts(application, round, plan_line)
    _require_person(application, round, facts)
    _require_line(application, round, facts, entry.at)
    had_seat, admission = take_one(
        bucket=_bucket(facts), root=facts["root"], year=facts["year"],
        application=application.pk, person=application.person_id, school=facts["school"], round=round.pk,
        line=plan_line.pk, at=entry.at,
    )  # fmt: skip
    if not had_seat:
        raise Refused(
            "这个专业的名额已经注册满了", why="名额以提交时数据库的记录为准", now="请选择其他有名额的专业"
        )
    if admission is None:
        raise _holds_seat()
    entry.says(line=facts["code"])
    return Admission(pk=admission, application=application, round=round, plan_line=plan_line)


def _facts(application: Application, round: Round, plan_line: PlanLine) -> dict[str, Any]:
    names = (
        "code",
        "pattern",
        "form",
        "origins",
        "school",
        "plan",
        "year",
        "in_round",
        "root",
        "case",
        "seat",
        "again",
        "run",
        "needs",
        "kinds",
        "buckets",
    )
    bound = {
        "round": round.pk,
        "application": application.pk,
        "line": plan_line.pk,
        "person": application.person_id,
    }
    row = fetch_one(_FACTS, bound)
    if row is None:
        raise Refused("没有找到这个专业", now="请从计划查询页面重新进入")
    return dict(zip(names, row, strict=True))


def _require_person(application: Application, round: Round, facts: dict[str, Any]) -> None:
    if round.kind not in DIRECT:
        raise Refused(f"“{round.name}”不是免试注册批次", now="请在志愿填报页面填报志愿")
    if round.season_id != application.season_id:
        raise Refused("这次报名不属于本批次所在的招生季", now="请从“我的报名”重新进入")
    if application.state == application_states.WITHDRAWN:
        raise Refused("您的报名已经撤回", now="请先重新报名")
    if facts["case"]:
        raise Refused("您的身份信息正在核查", why="核查期间不能占用名额", now="请联系县级招生主管部门")
    if facts["seat"]:
        raise _holds_seat()
    if facts["again"]:
        raise Refused(
            "您在本批次注册过，又放弃了", why="同一批次每人只能注册一次", now="请参加之后的补录批次"
        )


def _require_line(application: Application, round: Round, facts: dict[str, Any], at: datetime) -> None:
    if not facts["in_round"] or facts["plan"] != "PUBLISHED":
        raise Refused("这个专业不在本批次的招生范围内", now="请在本批次的专业中选择")
    limits = school_limits(at)
    most = limits.get(facts["school"])
    gate = Gate(Pattern(facts["pattern"]), StudyForm(facts["form"]), frozenset(facts["origins"]), most == 0)
    if (barred := barred_at(gate, Origin(application.origin), round.origins)) is not None:
        raise Refused(
            f"您不能注册这个专业：{barred.label}",
            why=f"您的生源类别是“{Origin(application.origin).label}”",
            now="请选择招收您这一类别的专业",
        )
    if facts["run"]:
        raise Refused(
            "这个专业的名额正在集中录取中",
            why="按志愿录取的结果公布前，名额不能注册",
            now="请在结果公布后再来",
        )
    if most is not None:
        _require_below_cap(facts["school"], facts["year"], most)


def _require_below_cap(school: int, year: int, most: int) -> None:
    """A capped school admits one after the other, so that its lines together stay under the cap."""
    fetch_one("SELECT pg_advisory_xact_lock(20002, %s)", (school,))
    row = fetch_one(_ADMITTED, (school, year))
    assert row is not None
    if row[0] >= most:
        raise Refused(
            f"这所学校的招生人数已达到限额{most}人", why="主管部门对这所学校限制了人数", now="请选择其他学校"
        )


def _bucket(facts: dict[str, Any]) -> int:
    """The bucket that is open to this person; who belongs to it is never said in a sentence of another's."""
    needs = facts["needs"] and Sealed(bytes(facts["needs"]), "yangguang_specialneeds.way", stars).reveal()
    kind, *_ = kinds_open_to(needs == SpecialNeeds.Way.DEDICATED_CLASS)
    if kind not in facts["kinds"]:
        raise Refused("这个专业没有面向您的名额类别", now="请选择其他专业，或咨询县级招生主管部门")
    return int(facts["buckets"][facts["kinds"].index(kind)])


def _holds_seat() -> Refused:
    return Refused(
        "您本年度已经占用一个名额",
        why="一人一席：同一年度只能占用一个名额，不分学校和主管线",
        now="如要换到这里，请先在“我的录取”中放弃或退录",
    )
