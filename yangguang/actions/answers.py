"""Answers: accept, accept and wait, decline; and what silence means. One statement each. (B8; domain-rules §6)"""

from django.db.models import Q

from yangguang.actions.entry import Entry
from yangguang.actions.kernel import action
from yangguang.models import Admission, Round
from yangguang.models.scoping import letter_of
from yangguang.queries.rows import fetch_all, fetch_one
from yangguang.rules import admission_states as states
from yangguang.rules import claim_states
from yangguang.rules.actors import Actor
from yangguang.rules.refusals import IllegalMove, Refused
from yangguang.rules.rights import Right
from yangguang.rules.rounds import Silence
from yangguang.rules.windows import check_open

_ACCEPT = """
UPDATE yangguang_admission
SET state = %s, answered_at = yg_now(), cause = 'STUDENT', version = version + 1
WHERE id = %s AND person_id = ANY(%s) AND state = ANY(%s) AND (answer_by IS NULL OR answer_by > yg_now())
  AND (NOT %s OR (SELECT keeps_waiting_list FROM yangguang_round WHERE id = round_id))
RETURNING public_id, person_id
"""
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
WITH moved AS (
    UPDATE yangguang_admission
    SET state = %s, answered_at = yg_now(), ended_at = yg_now(), cause = 'STUDENT', version = version + 1
    WHERE id = %s AND person_id = ANY(%s) AND state = ANY(%s) AND (answer_by IS NULL OR answer_by > yg_now())
    RETURNING id, public_id, person_id
){_FREE}
SELECT public_id, person_id FROM moved
"""


@action("answer.accept", Right.ADMISSION_ACCEPT)
def accept(entry: Entry, *, by: Actor, admission: Admission, wait: bool = False) -> None:
    """Accept the offer; with `wait`, stay in line for the choices above it.

    Raises:
        NotHere: not this family's admission.
        WindowClosed: after `answer_by`.
        IllegalMove: answered otherwise already.
        Refused: `wait` in a round that keeps no waiting list.
    """
    move = states.MOVES["wait" if wait else "accept"]
    row = fetch_one(_ACCEPT, (move.to, admission.pk, list(by.people), list(move.froms), wait))
    _tell(entry, by, admission, row, move.name)


@action("answer.decline", Right.ADMISSION_DECLINE)
def decline(entry: Entry, *, by: Actor, admission: Admission) -> None:
    """Give the seat back; it cannot be had again except in a later round.

    Raises:
        NotHere, WindowClosed, IllegalMove: as for `accept`.
    """
    move = states.MOVES["decline"]
    row = fetch_one(
        _DECLINE,
        (move.to, admission.pk, list(by.people), list(move.froms), list(claim_states.LIVE), "STUDENT"),
    )
    _tell(entry, by, admission, row, move.name)


def _tell(entry: Entry, by: Actor, admission: Admission, row: tuple[object, ...] | None, move: str) -> None:
    """Name what was done, or find out why it could not be done."""
    if row is not None:
        entry.about(f"admission:{row[0]}", int(str(row[1])))
        entry.says(answer=move)
        return
    found = (
        Admission.objects.select_related("round")
        .filter(Q(person__in=by.people))
        .found_by(by, pk=admission.pk)
    )
    states.MOVES.take(move, found.state)
    if move == "wait" and not found.round.keeps_waiting_list:
        raise Refused(
            "这个批次不设候补，不能选择候补",
            why="空出的名额进入下一次补录，不在本批次内递补",
            now="请选择“接受录取”或“放弃录取”",
            where="answer",
        )
    check_open("应答", found.published_at, found.answer_by, entry.at)
    raise IllegalMove("这条录取刚刚有了变化", now="请刷新页面，查看最新状态")


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
        reason = '逾期未应答，按规则视为接受'
    {_DUE}
) SELECT count(*) FROM moved
"""
_SILENT_DECLINE = f"""
WITH moved AS (
    UPDATE yangguang_admission AS a
    SET state = 'LAPSED', ended_at = yg_now(), cause = 'SYSTEM', version = version + 1,
        reason = '逾期未应答，按规则视为放弃'
    {_DUE}
){_FREE}
SELECT count(*) FROM moved
"""


@action("answer.lapse", Right.ANSWER_LAPSE)
def lapse_due(entry: Entry, *, by: Actor, round: Round) -> int:
    """Carry out the round's silence rule for everyone whose time is over; the rule was shown before submission.

    A city does so at the schools of its own area and line.

    Returns:
        how many admissions moved; 0 where silence means waiting until check-in ends.
    """
    entry.about(round)
    if round.silence == Silence.HOLD:
        return 0
    everywhere = letter_of(by, Right.ANSWER_LAPSE) == "a"
    due = (round.pk, "%" if everywhere else f"{by.path or '-'}%", "%" if everywhere else by.line or "%")
    if round.silence == Silence.ACCEPT:
        moved = fetch_all(_SILENT_ACCEPT, due)[0][0]
    else:
        moved = fetch_all(_SILENT_DECLINE, (*due, list(claim_states.LIVE), "SYSTEM"))[0][0]
    entry.says(moved=moved, silence=round.silence)
    return int(moved)
