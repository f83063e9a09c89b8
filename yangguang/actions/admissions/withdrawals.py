"""退录: the student asks, the school may comment for some working days and has no veto. (R6.05, F-N5)"""

from datetime import datetime

from yangguang.actions.admissions import seats, waiting_list_offers
from yangguang.actions.admissions.transitions import transition_sql
from yangguang.actions.base.action import action, update_versioned
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.messages.enqueue import enqueue_for_student, enqueue_sql
from yangguang.models import Admission, Round, Withdrawal
from yangguang.postgres.sql import execute, fetch_all
from yangguang.queries.admissions.current_admission import has_record
from yangguang.queries.admissions.withdrawal_clocks import compute_due
from yangguang.queries.runs.later_rounds import SENTENCES, bind_sentences
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions import withdrawal_states
from yangguang.rules.admissions.end_reasons import EndReason
from yangguang.rules.admissions.withdrawals import WithdrawalReason, require_may_withdraw
from yangguang.rules.base.free_text import clean_text
from yangguang.rules.base.refusals import Refused
from yangguang.rules.base.state_machine import render_states

MAX_TEXT = 200
TRANSITIONS = withdrawal_states.TRANSITIONS
_HAS_COMMENT = (
    "【阳光招生】学校对您的退录申请提出了意见，请登录平台查看。到期仍会退录；改变主意的，可在到期前撤回申请。"
)


@action("withdrawal.ask", Right.WITHDRAWAL_ASK, on="admission")
def ask(entry: AuditRecord, *, by: Actor, admission: Admission, reason: WithdrawalReason, note: str = "") -> Withdrawal:
    """Ask to withdraw. Until it is due the student keeps the seat and may take the request back.

    While the working days up to its end are not published, the request has none and runs on.

    Raises:
        IllegalMove: the student has no seat, or a request is running already.
        Refused: a record exists, or the note is too long or contains a number of a person.
    """
    values = {"reason": WithdrawalReason(reason).value, "note": _require_askable(admission, note)}
    due_at = compute_due(entry.at).at
    row: Withdrawal = Withdrawal.objects.create(admission=admission, requested_at=entry.at, due_at=due_at, **values)
    entry.add_facts(why=row.reason, due="" if due_at is None else due_at.isoformat())
    return row


@ask.preflight
def _(at: datetime, *, by: Actor, admission: Admission, reason: WithdrawalReason, note: str = "") -> None:
    _require_askable(admission, note)


def _require_askable(admission: Admission, note: str) -> str:
    """The cleaned note; raises what `ask` raises."""
    is_running = admission.withdrawals.filter(state__in=withdrawal_states.RUNNING).exists()
    require_may_withdraw(admission.state, has_record=has_record(admission), is_running=is_running)
    return _clean(note, "note")


@action("withdrawal.take_back", Right.WITHDRAWAL_ASK, on="withdrawal")
def take_back(entry: AuditRecord, *, by: Actor, withdrawal: Withdrawal) -> None:
    """Take the request back; the seat stays the student's.

    Raises:
        IllegalMove: the request has ended.
    """
    state = TRANSITIONS.next_state("take_back", withdrawal.state)
    update_versioned(withdrawal, state=state, ended_at=entry.at)
    entry.set_subject(withdrawal, withdrawal.admission.person_id)


@take_back.preflight
def _(at: datetime, *, by: Actor, withdrawal: Withdrawal) -> None:
    TRANSITIONS.next_state("take_back", withdrawal.state)


@action("withdrawal.comment", Right.WITHDRAWAL_COMMENT, on="withdrawal")
def comment(entry: AuditRecord, *, by: Actor, withdrawal: Withdrawal, agrees: bool, text: str = "") -> Withdrawal:
    """The school's comment: without objection the withdrawal takes effect at once, otherwise when it is due.

    Raises:
        IllegalMove: the school has commented, or the request has ended.
        Refused: an objection without text.
    """
    state, text = _require_comment(withdrawal, agrees=agrees, text=text)
    values = {"comment": text, "commented_by_id": by.require_account(), "commented_at": entry.at}
    update_versioned(withdrawal, state=state, **values)
    entry.set_subject(withdrawal, withdrawal.admission.person_id)
    entry.add_facts(agrees=agrees)
    if agrees:
        _withdraw([withdrawal.pk], entry, EndReason.WITHDRAWN_BY_CONSENT)
        withdrawal.refresh_from_db()
    else:
        subject = f"withdrawal:{withdrawal.public_id}"
        enqueue_for_student(withdrawal.admission.person_id, "withdrawal.comment", subject, _HAS_COMMENT)
    return withdrawal


@comment.preflight
def _(at: datetime, *, by: Actor, withdrawal: Withdrawal, agrees: bool, text: str = "") -> None:
    _require_comment(withdrawal, agrees=agrees, text=text)


def _require_comment(withdrawal: Withdrawal, *, agrees: bool, text: str) -> tuple[str, str]:
    """The next state and the cleaned comment; raises what `comment` raises."""
    text = _clean(text, "text")
    if not agrees and not text:
        raise Refused("没有写意见", why="意见会原样给学生看", now="请写明意见，或选择“没有异议”", where="text")
    return TRANSITIONS.next_state("comment", withdrawal.state), text


@action("withdrawal.carry_out", Right.WITHDRAWAL_CARRY_OUT)
def carry_out(entry: AuditRecord, *, by: Actor) -> int:
    """Carry out every due request; a request whose admission ended otherwise is closed.

    Returns:
        how many students withdrew.
    """
    due = [row.id for row in fetch_all(_DUE, (entry.at,))]
    return _withdraw(due, entry, EndReason.WITHDRAWN)


_DUE = f"""
SELECT id FROM yangguang_withdrawal WHERE state IN {render_states(withdrawal_states.RUNNING)} AND due_at <= %s
ORDER BY id FOR UPDATE SKIP LOCKED
"""
_QUOTAS = """
SELECT a.quota_id FROM yangguang_withdrawal AS r JOIN yangguang_admission AS a ON a.id = r.admission_id
WHERE r.id = ANY(%(withdrawals)s)
"""
_RELEASE = transition_sql(
    "release",
    source="yangguang_withdrawal AS r",
    which="""r.id = ANY(%(withdrawals)s) AND a.id = r.admission_id AND NOT EXISTS (
        SELECT 1 FROM yangguang_studentrecord AS k WHERE k.admission_id = a.id AND k.state <> 'CANCELLED')""",
    cause=Admission.Cause.STUDENT,
    at="%(at)s",
    reason="%(reason)s",
    returning="a.id, a.application_id, a.round_id",
)
_MESSAGES = f"""
SELECT a.person_id, 'withdrawal.done' AS event, 'withdrawal:' || o.public_id AS subject,
       '【阳光招生】您在' || u.name || l.major || '专业的退录已经生效，名额已释放。' || later.sentence AS text
FROM ended AS o JOIN yangguang_admission AS a ON a.id = o.admission_id
JOIN yangguang_unit AS u ON u.id = a.school_id JOIN yangguang_programme AS l ON l.id = a.programme_id
JOIN yangguang_application AS n ON n.id = a.application_id
JOIN {SENTENCES} ON later.round_id = a.round_id AND later.origin = n.origin
WHERE o.state = 'RELEASED'
"""
_END_AND_TELL = f"""
WITH ended AS (
    UPDATE yangguang_withdrawal AS r
    SET state = CASE WHEN r.admission_id = ANY(%(released)s) THEN 'RELEASED' ELSE 'OVERTAKEN' END, ended_at = %(at)s,
        version = r.version + 1
    WHERE r.id = ANY(%(withdrawals)s) RETURNING r.id, r.public_id, r.admission_id, r.state
)
{enqueue_sql(_MESSAGES)}
"""


def _withdraw(withdrawals: list[int], entry: AuditRecord, reason: EndReason) -> int:
    """End the requests (row ids), release their seats and tell the students; quotas are locked first."""
    params = {"withdrawals": withdrawals, "at": entry.at, "reason": reason.value}
    seats.lock_quotas(_QUOTAS, params)
    rows = fetch_all(_RELEASE, params)
    released = [row.id for row in rows]
    freed = seats.release_seats(released, Admission.Cause.STUDENT)
    for row in rows:
        waiting_list_offers.end_offers(row.application_id, row.round_id, entry.at, EndReason.LEFT_LIST)
    rounds = Round.objects.filter(pk__in={row.round_id for row in rows})
    execute(_END_AND_TELL, params | {"released": released} | bind_sentences(rounds, entry.at))
    entry.add_facts(released=len(rows), freed=freed, overtaken=len(withdrawals) - len(rows))
    return len(rows)


def _clean(text: str, where: str) -> str:
    if len(text) > MAX_TEXT:
        raise Refused(f"最多写{MAX_TEXT}个字，现在有{len(text)}个字", now="请删短", where=where)
    return clean_text(text, where=where)
