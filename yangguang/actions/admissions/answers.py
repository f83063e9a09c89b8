"""Answers: accept, accept and wait, decline; what silence means, and a standing wish. (R6.02, R6.03, F-B8, F-D13)"""

from datetime import datetime

from django.db.models import F

from yangguang.actions.admissions import seats, waiting_list_offers
from yangguang.actions.admissions.transitions import transition_sql
from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.messages.enqueue import enqueue_for_student
from yangguang.models import Admission, Application, Round, StandingAnswer
from yangguang.models.base.scoping import letter_of
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions import admission_states as states
from yangguang.rules.admissions.end_reasons import Ending
from yangguang.rules.base.refusals import IllegalMove, Refused
from yangguang.rules.seasons.rounds import Silence
from yangguang.rules.seasons.windows import check_open

MOST_CHOICES = 20
_OWN = "a.id = %(admission)s AND a.person_id = ANY(%(people)s)"
_IN_TIME = "(a.answer_by IS NULL OR a.answer_by > yg_now())"
_KEEPS_LIST = "(SELECT r.keeps_waiting_list FROM yangguang_round AS r WHERE r.id = a.round_id)"
_ANSWERED = f"a.public_id, a.person_id, a.application_id, a.round_id, {_KEEPS_LIST} AS keeps_list, a.id"
_ACCEPT = {
    "accept": transition_sql(
        "accept",
        which=f"{_OWN} AND ({_IN_TIME} OR a.state = 'WAITING')",
        cause=Admission.Cause.STUDENT,
        is_answer=True,
        returning=_ANSWERED,
    ),
    "wait": transition_sql(
        "wait",
        which=f"{_OWN} AND {_IN_TIME} AND {_KEEPS_LIST}",
        cause=Admission.Cause.STUDENT,
        is_answer=True,
        returning=_ANSWERED,
    ),
}
# The quota is locked before the admission and its claim, as everywhere.
# The seat goes back to its quota in the statement that ends the admission.
_OF_MOVED = "FROM moved WHERE c.admission_id = moved.id"
_DECLINED = transition_sql(
    "decline",
    which=f"EXISTS (SELECT 1 FROM quota) AND {_OWN} AND {_IN_TIME}",
    cause=Admission.Cause.STUDENT,
    is_answer=True,
    returning=_ANSWERED,
)
_DECLINE = f"""
WITH quota AS MATERIALIZED (
    SELECT id FROM yangguang_quota
    WHERE id = (SELECT quota_id FROM yangguang_admission WHERE id = %(admission)s) FOR UPDATE
), moved AS ({_DECLINED}), {seats.free_seats_sql(_OF_MOVED, Admission.Cause.STUDENT)}
SELECT * FROM moved
"""


@action("answer.accept", Right.ADMISSION_ACCEPT)
def accept(entry: AuditRecord, *, by: Actor, admission: Admission, wait: bool = False) -> None:
    """Accept the offer; with `wait`, stay in programme for the choices above it. Who waits may end it at any time.

    Raises:
        NotFound: not this family's admission.
        WindowClosed: after `answer_by`.
        IllegalMove: answered otherwise already.
        Refused: `wait` in a round that keeps no waiting list.
    """
    name = "wait" if wait else "accept"
    row = fetch_one(_ACCEPT[name], {"admission": admission.pk, "people": list(by.people)})
    _tell(entry, by, admission, row, name)


@action("answer.decline", Right.ADMISSION_DECLINE)
def decline(entry: AuditRecord, *, by: Actor, admission: Admission) -> None:
    """Give the seat back; it cannot be had again except in a later round.

    Raises:
        NotFound, WindowClosed, IllegalMove: as for `accept`.
    """
    row = fetch_one(_DECLINE, {"admission": admission.pk, "people": list(by.people)})
    _tell(entry, by, admission, row, "decline")


@accept.preflight
def _(at: datetime, *, by: Actor, admission: Admission, wait: bool = False) -> None:
    _require_answerable(admission, "wait" if wait else "accept", at)


@decline.preflight
def _(at: datetime, *, by: Actor, admission: Admission) -> None:
    _require_answerable(admission, "decline", at)


def _tell(
    entry: AuditRecord, by: Actor, admission: Admission, row: tuple[object, ...] | None, move: str
) -> None:
    """Name what was done, or find out why it could not be done."""
    if row is not None:
        entry.set_subject(f"admission:{row[0]}", int(str(row[1])))
        entry.add_facts(answer=move)
        if row[4] and move != "wait":
            # Whoever accepts for good, or declines, has left this round's list; offers still open end.
            waiting_list_offers.end(int(str(row[2])), int(str(row[3])), entry.at, Ending.LEFT_LIST)
        return
    found = Admission.objects.for_actor(by).select_related("round").get_or_not_found(pk=admission.pk)
    _require_answerable(found, move, entry.at)
    raise IllegalMove("这条录取刚刚有了变化", now="请刷新页面，查看最新状态")


def _require_answerable(found: Admission, move: str, at: datetime) -> None:
    """Raise what stands against this answer: "accept" | "wait" | "decline"."""
    states.TRANSITIONS.next_state(move, found.state)
    if move == "wait" and not found.round.keeps_waiting_list:
        raise Refused(
            "这个批次不设候补，不能选择候补",
            why="空出的名额进入下一次补录，不在本批次内递补",
            now="请选择“接受录取”或“放弃录取”",
            where="answer",
        )
    if found.state != states.WAITING or move == "decline":
        check_open("应答", found.published_at, found.answer_by, at)


# Those whose time is over, at the schools in the actor's reach.
_DUE = """
a.round_id = %(round)s AND a.state = 'OFFERED' AND a.answer_by <= yg_now()
  AND u.id = a.school_id AND u.path LIKE %(path)s AND u.sector LIKE %(programme)s
"""


def _silence_sql(name: str, reason: Ending) -> str:
    return transition_sql(
        name,
        source="yangguang_unit AS u",
        which=_DUE,
        cause=Admission.Cause.SYSTEM,
        reason=f"'{reason.value}'",
    )


_SILENT_ACCEPT = f"""
WITH moved AS ({_silence_sql("accept", Ending.SILENCE_ACCEPTED)}) SELECT count(*) FROM moved
"""
_SILENT_DECLINE = f"""
WITH moved AS ({_silence_sql("lapse", Ending.SILENCE_DECLINED)}),
{seats.free_seats_sql(_OF_MOVED, Admission.Cause.SYSTEM)}
SELECT count(*) FROM moved
"""


@action("answer.lapse", Right.ANSWER_LAPSE)
def lapse_due(entry: AuditRecord, *, by: Actor, round: Round) -> int:
    """Carry out the round's silence rule for everyone whose time is over; the rule was shown before submission.

    A city does so at the schools of its own area and programme.

    Returns:
        how many admissions moved; 0 where silence means waiting until check-in ends.
    """
    entry.set_subject(round)
    if round.silence == Silence.HOLD:
        return 0
    everywhere = letter_of(by, Right.ANSWER_LAPSE) == "a"
    due = {
        "round": round.pk,
        "path": "%" if everywhere else f"{by.path or '-'}%",
        "programme": "%" if everywhere else by.sector or "%",
    }
    rows = fetch_all(_SILENT_ACCEPT if round.silence == Silence.ACCEPT else _SILENT_DECLINE, due)
    moved = rows[0][0]
    entry.add_facts(moved=moved, silence=round.silence)
    return int(moved)


@action("answer.set_auto", Right.ANSWER_SET_AUTO, on="application")
def set_auto(entry: AuditRecord, *, by: Actor, application: Application, up_to: int) -> None:
    """Let the platform accept offers of the first `up_to` choices for the student; 0 switches it off. (F-D13)

    It works where a waiting list is kept, on published results and on offers from the list alike: the offer is
    accepted, a lower seat is given back, and the student goes on waiting for what stands above.

    Raises:
        Refused: a number below 0 or above 20.
    """
    if not 0 <= up_to <= MOST_CHOICES:
        raise Refused(f"志愿序号应在0至{MOST_CHOICES}之间", now="请重新选择", where="up_to")
    kept, _ = StandingAnswer.objects.update_or_create(
        application=application, defaults={"up_to": up_to, "set_at": entry.at}
    )
    StandingAnswer.objects.filter(pk=kept.pk).update(version=F("version") + 1)
    ranks = f"第1至第{up_to}志愿" if up_to > 1 else "第1志愿"
    said = f"设定了自动应答：{ranks}的录取和递补自动接受" if up_to else "关闭了自动应答，今后由您本人应答"
    text = f"【阳光招生】您{said}。不是您本人操作的，请立即登录更改。"
    subject = f"auto:{kept.pk}:{kept.version + 1}"
    enqueue_for_student(application.person_id, "answer.set_auto", subject, text)
    entry.add_facts(up_to=up_to)
