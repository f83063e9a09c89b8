"""The phases of working through a waiting list, all in one transaction: silence, places, offers, standing wishes."""

from datetime import datetime
from typing import Any

from yangguang.actions.admissions import waiting_list_offers
from yangguang.actions.admissions.seats import lock_quotas
from yangguang.actions.admissions.transitions import transition_sql
from yangguang.actions.messages.enqueue import enqueue_sql
from yangguang.models import Admission, AdmissionRun, Round
from yangguang.postgres.locks import LockClass, take_lock
from yangguang.postgres.sql import execute, fetch_all, fetch_one
from yangguang.queries.admissions.waiting_list import PLACES, SEATS, TAKEN, WANTED
from yangguang.queries.supervision.admission_limits import dedicated_pupils, school_limits
from yangguang.rules.admissions.end_reasons import Ending
from yangguang.rules.admissions.waiting_list import Free, Waiting, choose
from yangguang.rules.plans.quotas import Tie
from yangguang.rules.runs.eligibility import DEDICATED, ORDINARY
from yangguang.rules.seasons.deadlines import lapses_at
from yangguang.rules.seasons.windows import format_instant

_OF_ROUND = """
SELECT b.id FROM yangguang_quota AS b JOIN yangguang_roundprogramme AS rl ON rl.programme_id = b.programme_id
WHERE rl.round_id = %(round)s
"""
_ACCEPTED = """
SELECT m.person_id, 'answer.automatic' AS event, 'admission:' || m.id AS subject,
       '【阳光招生】按您设定的自动应答，已接受' || u.name || l.major || '专业的录取。可登录平台查看或放弃。' AS text
FROM moved AS m JOIN yangguang_unit AS u ON u.id = m.school_id
JOIN yangguang_programme AS l ON l.id = m.programme_id
"""


def _auto_answer_sql(name: str, ranks: str) -> str:
    moved = transition_sql(
        name,
        source="yangguang_standinganswer AS w",
        which=f"""w.application_id = a.application_id AND a.round_id = %(round)s AND a.state = 'OFFERED'
            AND a.rank <= w.up_to AND {ranks} AND (a.answer_by IS NULL OR a.answer_by > %(at)s)""",
        cause=Admission.Cause.STUDENT,
        at="%(at)s",
        reason="%(reason)s",
        is_answer=True,
        returning="a.id, a.person_id, a.school_id, a.programme_id",
    )
    return f"WITH moved AS ({moved}), queued AS ({enqueue_sql(_ACCEPTED)}) SELECT count(*) FROM moved"


# Above a first choice there is nothing to wait for.
_AUTO_ANSWERS = (_auto_answer_sql("wait", "a.rank > 1"), _auto_answer_sql("accept", "a.rank = 1"))
_FORGET = "DELETE FROM yangguang_waitingplace WHERE round_id = %(round)s"
_REMEMBER = f"""
INSERT INTO yangguang_waitingplace (round_id, application_id, programme_id, rank, place, kind, position)
SELECT w.*, row_number() OVER (PARTITION BY w.programme_id, w.kind ORDER BY w.place, a.number COLLATE "C")
FROM ({PLACES}) AS w JOIN yangguang_application AS a ON a.id = w.application_id
"""
# Whoever has an offer waits only for what stands above it.
_NO_LONGER = """
DELETE FROM yangguang_waitingplace AS w USING yangguang_waitingoffer AS o
WHERE o.id = ANY(%s) AND w.application_id = o.application_id AND w.round_id = o.round_id AND w.rank >= o.rank
"""
_MARK = """
INSERT INTO yangguang_waitinglist (round_id, run_id, refreshed_at, ended_at)
VALUES (%(round)s, %(run)s, %(at)s, %(ended)s::timestamptz)
ON CONFLICT (round_id) DO UPDATE SET refreshed_at = excluded.refreshed_at, ended_at = excluded.ended_at
"""
_WISHED = """
SELECT o.id FROM yangguang_waitingoffer AS o JOIN yangguang_standinganswer AS w ON w.application_id = o.application_id
WHERE o.id = ANY(%s) AND o.rank <= w.up_to ORDER BY o.id
"""
_TELL_TAKEN = enqueue_sql("""
SELECT a.person_id, 'answer.automatic' AS event, 'offer:' || o.public_id AS subject,
       '【阳光招生】按您设定的自动应答，已改录到' || u.name || l.major || '专业，原来的录取同时放弃。请登录平台查看。'
       AS text
FROM yangguang_waitingoffer AS o JOIN yangguang_application AS a ON a.id = o.application_id
JOIN yangguang_unit AS u ON u.id = o.school_id JOIN yangguang_programme AS l ON l.id = o.programme_id
WHERE o.id = ANY(%s)
""")
_STAY = transition_sql(
    "accept",
    which="a.round_id = %(round)s AND a.state = 'WAITING'",
    cause=Admission.Cause.SYSTEM,
    reason="%(reason)s",
)
_TELL_END = enqueue_sql("""
SELECT DISTINCT a.person_id, 'waiting.end' AS event, 'round:' || %(name)s AS subject,
       '【阳光招生】' || %(title)s || '的候补已经结束，没有再轮到您。已有的录取保留；没有录取的可以参加之后的补录。'
       AS text
FROM yangguang_waitingplace AS w JOIN yangguang_application AS a ON a.id = w.application_id
WHERE w.round_id = %(round)s
""")


def alone(round: Round) -> None:
    """One run of a list at a time; a second one waits and then finds the work done."""
    take_lock(LockClass.WAITING_LIST, round.pk)


def bring_up_to_date(round: Round, run: AdmissionRun, at: datetime) -> dict[str, int]:
    """What is due before anything is offered: standing wishes on offers, silence, and everybody's place.

    Locks every quota of the round first, so that whatever follows in this transaction keeps the order of locks.

    Returns:
        how many were answered automatically, lapsed, and wait (choices).
    """
    lock_quotas(_OF_ROUND, {"round": round.pk})
    wished = {"round": round.pk, "at": at, "reason": Ending.AUTOMATIC.value}
    answered = sum(int(fetch_all(sql, wished)[0][0]) for sql in _AUTO_ANSWERS)
    lapsed = waiting_list_offers.lapse_due(round.pk, at)
    execute(_FORGET, {"round": round.pk})
    kinds = {"special": DEDICATED[0], "general": ORDINARY[0], "dedicated": sorted(dedicated_pupils())}
    execute(_REMEMBER, {"run": run.pk, **kinds})
    waiting = fetch_one("SELECT count(*) FROM yangguang_waitingplace WHERE round_id = %s", (round.pk,))
    assert waiting is not None
    return {"answered": answered, "lapsed": lapsed, "waiting": int(waiting[0])}


def offer(round: Round, at: datetime, hours: int) -> list[int]:
    """Offer the free seats by rank; returns the new offers' row ids, none when nothing is free or nobody waits."""
    free = [
        Free(programme, code, school, kind, seats, Tie(tie))
        for programme, code, school, kind, seats, tie in fetch_all(SEATS, {"round": round.pk})
    ]
    if not free:
        return []
    rows = fetch_all(WANTED, {"round": round.pk})
    ids = {row[0]: row[1] for row in rows}
    asked = [
        Waiting(number, rank, programme, kind, place, tuple(scores), held)
        for number, _, rank, programme, kind, place, scores, held in rows
    ]
    chosen = choose(asked, free, _room(round, free, at))
    return _made(round, at, hours, chosen, ids) if chosen else []


def _made(round: Round, at: datetime, hours: int, chosen: list[Waiting], ids: dict[str, int]) -> list[int]:
    until = lapses_at(at, hours)
    name = round.name.replace("%", "%%")
    text = f"【阳光招生】{name}候补轮到您：%s%s专业。请于{format_instant(until, closing=True)}前登录应答，逾期视为放弃。"
    made = waiting_list_offers.make(
        applications=[ids[one.number] for one in chosen], programmes=[one.line for one in chosen],
        kinds=[one.kind for one in chosen], ranks=[one.rank for one in chosen],
        places=[one.place for one in chosen], round=round.pk, at=at, answer_by=until, text=text,
    )  # fmt: skip
    execute(_NO_LONGER, (made,))
    return made


def _room(round: Round, free: list[Free], at: datetime) -> dict[int, int]:
    """What schools under a measure may still take this year."""
    limits = school_limits(at)
    schools = sorted({one.school for one in free} & set(limits))
    taken: dict[int, Any] = dict(fetch_all(TAKEN, {"year": round.season.year, "schools": schools}))
    return {school: max(limits[school] - int(taken.get(school, 0)), 0) for school in schools}


def answer_as_wished(made: list[int], at: datetime) -> int:
    """Take up the new offers whose students want that done without asking; their freed seats wait for the next run."""
    wished = [row[0] for row in fetch_all(_WISHED, (made,))] if made else []
    taken = waiting_list_offers.take_up(wished, at, wait=True, reason=Ending.AUTOMATIC) if wished else []
    execute(_TELL_TAKEN, (taken,))
    return len(taken)


def mark(round: Round, run: AdmissionRun, at: datetime, *, ended: bool) -> None:
    """Keep when the list was worked through, and that it is over."""
    execute(_MARK, {"round": round.pk, "run": run.pk, "at": at, "ended": at if ended else None})


def finish(round: Round) -> None:
    """The list is over: who still waits is told, seats held stay held, places vanish. Open offers run their hours."""
    asked = {
        "round": round.pk,
        "reason": Ending.LIST_ENDED.value,
        "name": str(round.public_id),
        "title": round.name,
    }
    execute(_TELL_END, asked)
    execute(_STAY, asked)
    execute(_FORGET, asked)
