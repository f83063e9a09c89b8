"""退录: the student asks, the school may speak for some working days, then it happens; nobody has a veto.
(R6.05, F-N5)
"""

from datetime import datetime
from typing import Any

from yangguang.actions.admissions import seats, waiting_list_offers
from yangguang.actions.admissions.transitions import transition_sql
from yangguang.actions.base.acting_unit import account_of
from yangguang.actions.base.action import action, update_versioned
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.messages.enqueue import enqueue_sql
from yangguang.models import Admission, Withdrawal
from yangguang.postgres.sql import execute, fetch_all
from yangguang.queries.admissions.current_admission import has_record
from yangguang.queries.admissions.withdrawals import due_at
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions import withdrawal_states
from yangguang.rules.admissions.end_reasons import Ending
from yangguang.rules.admissions.withdrawals import Why, check_may_ask
from yangguang.rules.base.free_text import clean_text
from yangguang.rules.base.refusals import Refused
from yangguang.rules.base.state_machine import render_states

MOST = 200
TRANSITIONS = withdrawal_states.TRANSITIONS


@action("withdrawal.ask", Right.WITHDRAWAL_ASK, on="admission")
def ask(entry: AuditRecord, *, by: Actor, admission: Admission, why: Why, note: str = "") -> Withdrawal:
    """Ask to give the admission up. Until the clock runs out the seat is held, and the student may take it back.

    Raises:
        IllegalMove: the seat is not held, or a request runs already. Refused: a record was made, or the note does
            not fit.
    """
    said = _require_askable(admission, note)
    made: Withdrawal = Withdrawal.objects.create(
        admission=admission,
        why=Why(why).value,
        note=said,
        asked_at=entry.at,
        due_at=due_at(entry.at),
    )
    entry.add_facts(why=made.why, due=made.due_at.isoformat())
    return made


@ask.preflight
def _(at: datetime, *, by: Actor, admission: Admission, why: Why, note: str = "") -> None:
    _require_askable(admission, note)


def _require_askable(admission: Admission, note: str) -> str:
    """The note as it is kept; raises what `ask` raises."""
    running = admission.releases.filter(state__in=withdrawal_states.RUNNING)
    check_may_ask(admission.state, has_record(admission), running.exists())
    return _text(note, "note")


@action("withdrawal.take_back", Right.WITHDRAWAL_ASK, on="release")
def take_back(entry: AuditRecord, *, by: Actor, release: Withdrawal) -> None:
    """The student stays after all; the seat was never given up.

    Raises:
        IllegalMove: it is over already.
    """
    state = TRANSITIONS.next_state("take_back", release.state)
    update_versioned(release, state=state, ended_at=entry.at)
    entry.set_subject(release, release.admission.person_id)


@take_back.preflight
def _(at: datetime, *, by: Actor, release: Withdrawal) -> None:
    TRANSITIONS.next_state("take_back", release.state)


@action("withdrawal.comment", Right.WITHDRAWAL_COMMENT, on="release")
def comment(
    entry: AuditRecord, *, by: Actor, release: Withdrawal, agrees: bool, text: str = ""
) -> Withdrawal:
    """The school's word: without objection the release happens at once, otherwise when its clock runs out.

    Raises:
        IllegalMove: the school has spoken, or it is over. Refused: an objection without a word.
    """
    state, said = _require_comment(release, agrees=agrees, text=text)
    spoken = {"comment": said, "commented_by_id": account_of(by), "commented_at": entry.at}
    update_versioned(release, state=state, **spoken)
    entry.set_subject(release, release.admission.person_id)
    entry.add_facts(agrees=agrees)
    if agrees:
        _carry_out([release.pk], entry, Ending.SCHOOL_AGREED)
        release.refresh_from_db()
    else:
        execute(_TELL_COMMENT, (release.pk,))
    return release


@comment.preflight
def _(at: datetime, *, by: Actor, release: Withdrawal, agrees: bool, text: str = "") -> None:
    _require_comment(release, agrees=agrees, text=text)


def _require_comment(release: Withdrawal, *, agrees: bool, text: str) -> tuple[str, str]:
    """The next state and the comment as it is kept; raises what `comment` raises."""
    said = _text(text, "text")
    if not agrees and not said:
        raise Refused(
            "没有写意见", why="意见会原样给学生看", now="请写明意见，或选择“没有异议”", where="text"
        )
    return TRANSITIONS.next_state("comment", release.state), said


@action("withdrawal.carry_out", Right.WITHDRAWAL_CARRY_OUT)
def carry_out(entry: AuditRecord, *, by: Actor) -> int:
    """Every release whose clock has run out takes effect; one whose admission ended otherwise is closed.

    Returns:
        how many students were released.
    """
    due = [row[0] for row in fetch_all(_DUE, (entry.at,))]
    return _carry_out(due, entry, Ending.ASKED_OUT)


_DUE = f"""
SELECT id FROM yangguang_withdrawal WHERE state IN {render_states(withdrawal_states.RUNNING)} AND due_at <= %s
ORDER BY id FOR UPDATE SKIP LOCKED
"""
_QUOTAS = """
SELECT a.quota_id FROM yangguang_withdrawal AS r JOIN yangguang_admission AS a ON a.id = r.admission_id
WHERE r.id = ANY(%(releases)s)
"""
_OUT = transition_sql(
    "release",
    source="yangguang_withdrawal AS r",
    which="""r.id = ANY(%(releases)s) AND a.id = r.admission_id AND NOT EXISTS (
        SELECT 1 FROM yangguang_studentrecord AS k WHERE k.admission_id = a.id AND k.state <> 'CANCELLED')""",
    cause=Admission.Cause.STUDENT,
    at="%(at)s",
    reason="%(reason)s",
    returning="a.id, a.application_id, a.round_id",
)
_DONE = """
SELECT a.person_id, 'release.done' AS event, 'release:' || o.public_id AS subject,
       '【阳光招生】您在' || u.name || l.major || '专业的退录已经生效，名额已释放。您可以参加之后的补录或免试注册。'
       AS text
FROM over AS o JOIN yangguang_admission AS a ON a.id = o.admission_id
JOIN yangguang_unit AS u ON u.id = a.school_id JOIN yangguang_programme AS l ON l.id = a.programme_id
WHERE o.state = 'RELEASED'
"""
_ENDED = f"""
WITH over AS (
    UPDATE yangguang_withdrawal AS r
    SET state = CASE WHEN r.admission_id = ANY(%(out)s) THEN 'RELEASED' ELSE 'OVERTAKEN' END, ended_at = %(at)s,
        version = r.version + 1
    WHERE r.id = ANY(%(releases)s) RETURNING r.id, r.public_id, r.admission_id, r.state
)
{enqueue_sql(_DONE)}
"""
_TELL_COMMENT = enqueue_sql("""
SELECT a.person_id, 'release.comment' AS event, 'release:' || r.public_id AS subject,
       '【阳光招生】学校对您的退录申请提出了意见，请登录平台查看。到期仍会退录；改变主意的，可在到期前撤回申请。'
       AS text
FROM yangguang_withdrawal AS r JOIN yangguang_admission AS a ON a.id = r.admission_id
WHERE r.id = %s
""")


def _carry_out(releases: list[int], entry: AuditRecord, reason: Ending) -> int:
    """Free the seats and tell the students, set by set; quotas are locked first."""
    params: dict[str, Any] = {"releases": releases, "at": entry.at, "reason": reason.value}
    seats.lock_quotas(_QUOTAS, params)
    left = fetch_all(_OUT, params)
    out = [row[0] for row in left]
    freed = seats.release(out, Admission.Cause.STUDENT)
    for _, application, round in left:
        waiting_list_offers.end(application, round, entry.at, Ending.LEFT_LIST)
    execute(_ENDED, params | {"out": out})
    entry.add_facts(released=len(out), freed=freed, overtaken=len(releases) - len(out))
    return len(out)


def _text(text: str, where: str) -> str:
    if len(text) > MOST:
        raise Refused(f"最多写{MOST}个字，现在有{len(text)}个字", now="请删短", where=where)
    return clean_text(text, where=where)
