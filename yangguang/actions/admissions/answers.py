"""Answers: accept, accept and wait, decline; what silence means, and a standing wish. (B8, D13; domain-rules §6)"""

from datetime import datetime

from django.db.models import F

from yangguang.actions.admissions import waiting_list_offers
from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.messages.enqueue import enqueue_for_student
from yangguang.models import Admission, Application, AutoAnswer, Round
from yangguang.models.base.scoping import letter_of
from yangguang.queries.rows import fetch_all, fetch_one
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions import admission_states as states
from yangguang.rules.admissions import claim_states
from yangguang.rules.admissions.end_reasons import Ending
from yangguang.rules.base.refusals import IllegalMove, Refused
from yangguang.rules.seasons.rounds import Silence
from yangguang.rules.seasons.windows import check_open

MOST_CHOICES = 20
_ACCEPT = """
UPDATE yangguang_admission
SET state = %s, answered_at = yg_now(), cause = 'STUDENT', reason = '', version = version + 1
WHERE id = %s AND person_id = ANY(%s) AND state = ANY(%s)
  AND (answer_by IS NULL OR answer_by > yg_now() OR state = 'WAITING')
  AND (NOT %s OR (SELECT keeps_waiting_list FROM yangguang_round WHERE id = round_id))
RETURNING public_id, person_id, application_id, round_id,
    (SELECT keeps_waiting_list FROM yangguang_round WHERE id = round_id)
"""
# The bucket is locked before the admission and its claim, as everywhere.
# The seat goes back to its bucket in the statement that ends the admission.
_FREE = """
, freed AS (
    UPDATE yangguang_seatclaim AS c SET state = 'RELEASED'
    FROM moved WHERE c.admission_id = moved.id AND c.state = ANY(%s)
    RETURNING c.id, c.bucket_id
), given AS (
    UPDATE yangguang_planbucket AS b SET taken = b.taken - f.n
    FROM (SELECT bucket_id, count(*) AS n FROM freed GROUP BY bucket_id) AS f WHERE b.id = f.bucket_id
), told AS (
    INSERT INTO yangguang_seatevent (claim_id, state, cause) SELECT id, 'RELEASED', %s FROM freed
)
"""
_DECLINE = f"""
WITH bucket AS MATERIALIZED (
    SELECT id FROM yangguang_planbucket WHERE id = (SELECT bucket_id FROM yangguang_admission WHERE id = %s) FOR UPDATE
), moved AS (
    UPDATE yangguang_admission
    SET state = %s, answered_at = yg_now(), ended_at = yg_now(), cause = 'STUDENT', reason = '', version = version + 1
    WHERE id = %s AND EXISTS (SELECT 1 FROM bucket) AND person_id = ANY(%s) AND state = ANY(%s)
      AND (answer_by IS NULL OR answer_by > yg_now())
    RETURNING id, public_id, person_id, application_id, round_id
){_FREE}
SELECT public_id, person_id, application_id, round_id,
       (SELECT keeps_waiting_list FROM yangguang_round AS r WHERE r.id = round_id) FROM moved
"""


@action("answer.accept", Right.ADMISSION_ACCEPT)
def accept(entry: AuditRecord, *, by: Actor, admission: Admission, wait: bool = False) -> None:
    """Accept the offer; with `wait`, stay in line for the choices above it. Who waits may end it at any time.

    Raises:
        NotFound: not this family's admission.
        WindowClosed: after `answer_by`.
        IllegalMove: answered otherwise already.
        Refused: `wait` in a round that keeps no waiting list.
    """
    move = states.MOVES["wait" if wait else "accept"]
    row = fetch_one(_ACCEPT, (move.to, admission.pk, by.people, list(move.froms), wait))
    _tell(entry, by, admission, row, move.name)


@action("answer.decline", Right.ADMISSION_DECLINE)
def decline(entry: AuditRecord, *, by: Actor, admission: Admission) -> None:
    """Give the seat back; it cannot be had again except in a later round.

    Raises:
        NotFound, WindowClosed, IllegalMove: as for `accept`.
    """
    move = states.MOVES["decline"]
    row = fetch_one(
        _DECLINE,
        (
            admission.pk,
            move.to,
            admission.pk,
            by.people,
            list(move.froms),
            list(claim_states.LIVE),
            "STUDENT",
        ),
    )
    _tell(entry, by, admission, row, move.name)


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
    require_answerable(found, move, entry.at)
    raise IllegalMove("这条录取刚刚有了变化", now="请刷新页面，查看最新状态")


def require_answerable(found: Admission, move: str, at: datetime) -> None:
    """Ask everything that `accept` and `decline` ask, without answering.

    Args:
        found: with its round. move: "accept" | "wait" | "decline".
    Raises:
        WindowClosed, IllegalMove, Refused: as `accept` and `decline`.
    """
    states.MOVES.take(move, found.state)
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
FROM yangguang_unit AS u
WHERE a.round_id = %s AND a.state = 'OFFERED' AND a.answer_by <= yg_now()
  AND u.id = a.school_id AND u.path LIKE %s AND u.line LIKE %s
RETURNING a.id
"""
_SILENT_ACCEPT = f"""
WITH moved AS (
    UPDATE yangguang_admission AS a SET state = 'ACCEPTED', cause = 'SYSTEM', version = version + 1,
        reason = 'silence_accepted'
    {_DUE}
) SELECT count(*) FROM moved
"""
_SILENT_DECLINE = f"""
WITH moved AS (
    UPDATE yangguang_admission AS a
    SET state = 'LAPSED', ended_at = yg_now(), cause = 'SYSTEM', version = version + 1,
        reason = 'silence_declined'
    {_DUE}
){_FREE}
SELECT count(*) FROM moved
"""


@action("answer.lapse", Right.ANSWER_LAPSE)
def lapse_due(entry: AuditRecord, *, by: Actor, round: Round) -> int:
    """Carry out the round's silence rule for everyone whose time is over; the rule was shown before submission.

    A city does so at the schools of its own area and line.

    Returns:
        how many admissions moved; 0 where silence means waiting until check-in ends.
    """
    entry.set_subject(round)
    if round.silence == Silence.HOLD:
        return 0
    everywhere = letter_of(by, Right.ANSWER_LAPSE) == "a"
    due = (round.pk, "%" if everywhere else f"{by.path or '-'}%", "%" if everywhere else by.line or "%")
    if round.silence == Silence.ACCEPT:
        moved = fetch_all(_SILENT_ACCEPT, due)[0][0]
    else:
        moved = fetch_all(_SILENT_DECLINE, (*due, list(claim_states.LIVE), "SYSTEM"))[0][0]
    entry.add_facts(moved=moved, silence=round.silence)
    return int(moved)


@action("answer.set_auto", Right.ANSWER_SET_AUTO, on="application")
def set_auto(entry: AuditRecord, *, by: Actor, application: Application, up_to: int) -> None:
    """Let the platform accept offers of the first `up_to` choices for the student; 0 switches it off. (D13)

    It works where a waiting list is kept, on published results and on offers from the list alike: the offer is
    accepted, a lower seat is given back, and the student goes on waiting for what stands above.

    Raises:
        Refused: a number below 0 or above 20.
    """
    if not 0 <= up_to <= MOST_CHOICES:
        raise Refused(f"志愿序号应在0至{MOST_CHOICES}之间", now="请重新选择", where="up_to")
    kept, _ = AutoAnswer.objects.update_or_create(
        application=application, defaults={"up_to": up_to, "set_at": entry.at}
    )
    AutoAnswer.objects.filter(pk=kept.pk).update(version=F("version") + 1)
    ranks = f"第1至第{up_to}志愿" if up_to > 1 else "第1志愿"
    said = f"设定了自动应答：{ranks}的录取和递补自动接受" if up_to else "关闭了自动应答，今后由您本人应答"
    text = f"【阳光招生】您{said}。不是您本人操作的，请立即登录更改。"
    subject = f"auto:{kept.pk}:{kept.version + 1}"
    enqueue_for_student(application.person_id, "answer.set_auto", subject, text)
    entry.add_facts(up_to=up_to)
