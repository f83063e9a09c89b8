"""Answers to an admission: accept, accept and wait, decline; silence; standing answers. (R6.02, R6.03, F-B8, F-D13)"""

from datetime import datetime

from django.db.models import F

from yangguang.actions.admissions import seats, waiting_list_offers
from yangguang.actions.admissions.transitions import transition_sql
from yangguang.actions.base.action import action, require_version
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.messages.enqueue import enqueue_for_student
from yangguang.models import Admission, Application, Round, StandingAnswer
from yangguang.models.base.scoping import letter_of
from yangguang.postgres.sql import execute, fetch_one
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions import admission_states as states
from yangguang.rules.admissions.end_reasons import EndReason
from yangguang.rules.base.refusals import IllegalMove, Refused
from yangguang.rules.runs.rounds import Silence
from yangguang.rules.seasons.policy_keys import MOST_CHOICES
from yangguang.rules.seasons.windows import check_open

_OWN = "a.id = %(admission)s AND a.person_id = ANY(%(people)s)"
_IN_TIME = "(a.answer_by IS NULL OR a.answer_by > yg_now())"
_AS_SEEN = "(%(seen)s::text IS NULL OR a.version::text = %(seen)s)"
_KEEPS_LIST = "(SELECT r.keeps_waiting_list FROM yangguang_round AS r WHERE r.id = a.round_id)"
_ANSWERED = f"a.public_id, a.person_id, a.application_id, a.round_id, {_KEEPS_LIST} AS keeps_list, a.id"
# Quotas are locked before admissions and claims, as everywhere; the same statement releases the seat.
_OF_MOVED = "FROM moved WHERE c.admission_id = moved.id"


def _answer_sql(name: str, which: str) -> str:
    student = Admission.Cause.STUDENT
    return transition_sql(
        name, which=f"{_OWN} AND {_AS_SEEN} AND {which}", cause=student, is_answer=True, returning=_ANSWERED
    )


_ANSWERS = {
    "accept": _answer_sql("accept", f"({_IN_TIME} OR a.state = 'WAITING')"),
    "wait": _answer_sql("wait", f"{_IN_TIME} AND {_KEEPS_LIST}"),
    "decline": f"""
WITH quota AS MATERIALIZED (
    SELECT id FROM yangguang_quota
    WHERE id = (SELECT quota_id FROM yangguang_admission WHERE id = %(admission)s) FOR UPDATE
), moved AS ({_answer_sql("decline", f"EXISTS (SELECT 1 FROM quota) AND {_IN_TIME}")}),
{seats.free_seats_sql(_OF_MOVED, Admission.Cause.STUDENT)}
SELECT * FROM moved
""",
}


@action("answer.accept", Right.ADMISSION_ACCEPT)
def accept(entry: AuditRecord, *, by: Actor, admission: Admission, wait: bool = False, seen: str | None = None) -> None:
    """Accept the admission; with `wait`, stay on the waiting list for higher choices, which may end at any time.

    Args:
        seen: version of the admission that the page showed; see `require_version`.
    Raises:
        VersionConflict: another answer was given since.
        NotFound: not this family's admission.
        WindowClosed: after `answer_by`.
        IllegalMove: another answer was given already.
        Refused: `wait` in a round that keeps no waiting list.
    """
    _record_answer(entry, by, admission, "wait" if wait else "accept", seen)


@action("answer.decline", Right.ADMISSION_DECLINE)
def decline(entry: AuditRecord, *, by: Actor, admission: Admission, seen: str | None = None) -> None:
    """Decline and release the seat; only a later round can admit the student again.

    Raises:
        VersionConflict, NotFound, WindowClosed, IllegalMove: as for `accept`.
    """
    _record_answer(entry, by, admission, "decline", seen)


@accept.preflight
def _(at: datetime, *, by: Actor, admission: Admission, wait: bool = False, seen: str | None = None) -> None:
    _require_answerable(admission, "wait" if wait else "accept", at)
    require_version(admission.version, seen)


@decline.preflight
def _(at: datetime, *, by: Actor, admission: Admission, seen: str | None = None) -> None:
    _require_answerable(admission, "decline", at)
    require_version(admission.version, seen)


def _record_answer(entry: AuditRecord, by: Actor, admission: Admission, move: str, seen: str | None) -> None:
    """Answer by one statement, or raise why the answer is not possible."""
    row = fetch_one(_ANSWERS[move], {"admission": admission.pk, "people": list(by.people), "seen": seen})
    if row is None:
        own = Admission.objects.for_actor(by).select_related("round").get_or_not_found(pk=admission.pk)
        _require_answerable(own, move, entry.at)
        require_version(own.version, seen)
        raise IllegalMove("这条录取刚刚有了变化", now="请刷新页面，查看最新状态")
    entry.set_subject(f"admission:{row.public_id}", row.person_id)
    entry.add_facts(answer=move)
    if row.keeps_list and move != "wait":
        # The student has left this round's list, so open offers end.
        waiting_list_offers.end_offers(row.application_id, row.round_id, entry.at, EndReason.LEFT_LIST)


def _require_answerable(admission: Admission, move: str, at: datetime) -> None:
    """Raise unless this answer ("accept" | "wait" | "decline") is possible at `at`."""
    states.TRANSITIONS.next_state(move, admission.state)
    if move == "wait" and not admission.round.keeps_waiting_list:
        raise Refused(
            "这个批次不设候补，不能选择候补",
            why="空出的名额不在本批次内递补",
            now="请选择“接受录取”或“放弃录取”",
            where="answer",
        )
    if admission.state != states.WAITING or move == "decline":
        check_open("应答", admission.published_at, admission.answer_by, at)


# Admissions without an answer in time, at schools within the actor's reach.
_DUE = """
a.round_id = %(round)s AND a.state = 'OFFERED' AND a.answer_by <= yg_now()
  AND u.id = a.school_id AND u.path LIKE %(path)s AND u.sector LIKE %(sector)s
"""


def _silence_sql(name: str, reason: EndReason) -> str:
    return transition_sql(
        name, source="yangguang_unit AS u", which=_DUE, cause=Admission.Cause.SYSTEM, reason=f"'{reason.value}'"
    )


_SILENT_ACCEPT = _silence_sql("accept", EndReason.SILENCE_ACCEPTED)
_SILENT_DECLINE = f"""
WITH moved AS ({_silence_sql("lapse", EndReason.SILENCE_DECLINED)}),
{seats.free_seats_sql(_OF_MOVED, Admission.Cause.SYSTEM)}
SELECT id FROM moved
"""


@action("answer.lapse", Right.ANSWER_LAPSE)
def lapse_due(entry: AuditRecord, *, by: Actor, round: Round) -> int:
    """Apply the round's silence rule to admissions without an answer in time; students saw the rule beforehand.

    A city applies it at the schools of its area and sector.

    Returns:
        how many admissions changed; 0 where silence keeps the seat until check-in ends.
    """
    entry.set_subject(round)
    if round.silence == Silence.HOLD:
        return 0
    everywhere = letter_of(by, Right.ANSWER_LAPSE) == "a"
    params = {
        "round": round.pk,
        "path": "%" if everywhere else f"{by.path or '-'}%",
        "sector": "%" if everywhere else by.sector or "%",
    }
    moved = execute(_SILENT_ACCEPT if round.silence == Silence.ACCEPT else _SILENT_DECLINE, params)
    entry.add_facts(moved=moved, silence=round.silence)
    return moved


@action("answer.set_auto", Right.ANSWER_SET_AUTO, on="application")
def set_standing_answer(
    entry: AuditRecord, *, by: Actor, application: Application, up_to: int, seen: str | None = None
) -> None:
    """Accept admissions and offers of the first `up_to` choices automatically; 0 switches it off. (F-D13)

    It applies in rounds that keep a waiting list, to published results and to offers from the list: a lower seat
    is released, and the student goes on waiting for higher choices.

    Args:
        seen: version of the standing answer that the page showed, 0 for none; see `require_version`.
    Raises:
        VersionConflict: it was set on another page since.
        Refused: a number below 0 or above 20.
    """
    before = StandingAnswer.objects.filter(application=application).first()
    require_version(before.version if before else 0, seen)
    if not 0 <= up_to <= MOST_CHOICES:
        raise Refused(f"志愿序号应在0至{MOST_CHOICES}之间", now="请重新选择", where="up_to")
    stored, _ = StandingAnswer.objects.update_or_create(
        application=application, defaults={"up_to": up_to, "set_at": entry.at}
    )
    StandingAnswer.objects.filter(pk=stored.pk).update(version=F("version") + 1)
    ranks = f"第1至第{up_to}志愿" if up_to > 1 else "第1志愿"
    change = f"设定了自动应答：{ranks}的录取和递补自动接受" if up_to else "关闭了自动应答，今后由您本人应答"
    text = f"【阳光招生】您{change}。不是您本人操作的，请立即登录更改。"
    subject = f"auto:{stored.pk}:{stored.version + 1}"
    enqueue_for_student(application.person_id, "answer.set_auto", subject, text)
    entry.add_facts(up_to=up_to)
