"""The phases of refreshing a waiting list, all in one transaction: silence, places, offers, standing answers."""

from datetime import datetime

from yangguang.actions.admissions import waiting_list_offers
from yangguang.actions.admissions.seats import QUOTAS_OF_ROUND, lock_quotas
from yangguang.actions.admissions.transitions import transition_sql
from yangguang.actions.messages.enqueue import enqueue_sql
from yangguang.models import Admission, AdmissionRun, Round
from yangguang.postgres.locks import LockClass, take_lock
from yangguang.postgres.sql import execute, fetch_all
from yangguang.queries.admissions.waiting_list import FREE_SEATS, PLACES, TAKEN_BY_SCHOOL, WANTED
from yangguang.queries.runs.later_rounds import SENTENCES, bind_sentences
from yangguang.queries.supervision.admission_limits import dedicated_pupils, school_limits
from yangguang.rules.admissions.end_reasons import EndReason
from yangguang.rules.admissions.waiting_list import FreeSeats, WaitingChoice, choose_offers
from yangguang.rules.plans.quotas import Tie
from yangguang.rules.runs.eligibility import DEDICATED, ORDINARY
from yangguang.rules.seasons.deadlines import lapses_at

_ANSWER_MESSAGES = """
SELECT m.person_id, 'answer.automatic' AS event, 'admission:' || m.id AS subject,
       '【阳光招生】按您设定的自动应答，已接受' || u.name || l.major || '专业的录取。可登录平台查看或放弃。' AS text
FROM moved AS m JOIN yangguang_unit AS u ON u.id = m.school_id
JOIN yangguang_programme AS l ON l.id = m.programme_id
"""


def _standing_answer_sql(name: str, ranks: str) -> str:
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
    return f"WITH moved AS ({moved}), queued AS ({enqueue_sql(_ANSWER_MESSAGES)}) SELECT id FROM moved"


# With a first choice there is nothing higher to wait for.
_STANDING_ANSWERS = (_standing_answer_sql("wait", "a.rank > 1"), _standing_answer_sql("accept", "a.rank = 1"))
_DELETE_PLACES = "DELETE FROM yangguang_waitingplace WHERE round_id = %(round)s"
_INSERT_PLACES = f"""
INSERT INTO yangguang_waitingplace (round_id, application_id, programme_id, rank, place, kind, position)
SELECT w.*, row_number() OVER (PARTITION BY w.programme_id, w.kind ORDER BY w.place, a.number COLLATE "C")
FROM ({PLACES}) AS w JOIN yangguang_application AS a ON a.id = w.application_id
"""
# After an offer the applicant waits only for higher choices.
_DELETE_LOWER_PLACES = """
DELETE FROM yangguang_waitingplace AS w USING yangguang_waitingoffer AS o
WHERE o.id = ANY(%s) AND w.application_id = o.application_id AND w.round_id = o.round_id AND w.rank >= o.rank
"""
_BY_STANDING_ANSWER = """
SELECT o.id FROM yangguang_waitingoffer AS o JOIN yangguang_standinganswer AS w ON w.application_id = o.application_id
WHERE o.id = ANY(%s) AND o.rank <= w.up_to ORDER BY o.id
"""
_TELL_ACCEPTED = enqueue_sql("""
SELECT a.person_id, 'answer.automatic' AS event, 'offer:' || o.public_id AS subject,
       '【阳光招生】按您设定的自动应答，已改录到' || u.name || l.major || '专业，原来的录取同时放弃。请登录平台查看。'
       AS text
FROM yangguang_waitingoffer AS o JOIN yangguang_application AS a ON a.id = o.application_id
JOIN yangguang_unit AS u ON u.id = o.school_id JOIN yangguang_programme AS l ON l.id = o.programme_id
WHERE o.id = ANY(%s)
""")
_STOP_WAITING = transition_sql(
    "accept", which="a.round_id = %(round)s AND a.state = 'WAITING'", cause=Admission.Cause.SYSTEM, reason="%(reason)s"
)
_TELL_END = enqueue_sql(f"""
SELECT DISTINCT a.person_id, 'waiting.end' AS event, 'round:' || %(name)s AS subject,
       '【阳光招生】' || %(title)s || '的候补已经结束，没有再轮到您。' ||
       CASE WHEN EXISTS (SELECT 1 FROM live_admission AS m WHERE m.application_id = a.id)
            THEN '您已有的录取保留。' ELSE later.sentence END AS text
FROM yangguang_waitingplace AS w JOIN yangguang_application AS a ON a.id = w.application_id
JOIN {SENTENCES} ON later.origin = a.origin
WHERE w.round_id = %(round)s
""")


def lock_list(round: Round) -> None:
    """Let one refresh of a list run at a time; a second one waits and then has nothing to do."""
    take_lock(LockClass.WAITING_LIST, round.pk)


def refresh_places(round: Round, run: AdmissionRun, at: datetime) -> dict[str, int]:
    """Apply standing answers to admissions, lapse offers not answered in time, and compute all places again.

    Locks every quota of the round first, so that this transaction takes its locks in order.

    Returns:
        how many admissions were answered automatically, how many offers lapsed, and how many choices wait.
    """
    lock_quotas(QUOTAS_OF_ROUND, {"round": round.pk})
    params = {"round": round.pk, "at": at, "reason": EndReason.STANDING_ANSWER.value}
    answered = sum(execute(sql, params) for sql in _STANDING_ANSWERS)
    lapsed = waiting_list_offers.lapse_due(round.pk, at)
    execute(_DELETE_PLACES, {"round": round.pk})
    kinds = {"special": DEDICATED[0], "general": ORDINARY[0], "dedicated": sorted(dedicated_pupils())}
    waiting = execute(_INSERT_PLACES, {"run": run.pk, **kinds})
    return {"answered": answered, "lapsed": lapsed, "waiting": waiting}


def offer_free_seats(round: Round, at: datetime, hours: int) -> list[int]:
    """Offer the free seats by rank; return the row ids of the new offers.

    Args:
        hours: time to answer.
    """
    free = [
        FreeSeats(row.programme_id, row.code, row.school_id, row.kind, row.seats, Tie(row.tie))
        for row in fetch_all(FREE_SEATS, {"round": round.pk})
    ]
    if not free:
        return []
    rows = fetch_all(WANTED, {"round": round.pk})
    applications = {row.number: row.application_id for row in rows}
    waiting = [
        WaitingChoice(row.number, row.rank, row.programme_id, row.kind, row.place, tuple(row.scores), row.quarantined)
        for row in rows
    ]
    chosen = choose_offers(waiting, free, _find_caps(round, free, at))
    if not chosen:
        return []
    offered = waiting_list_offers.make_offers(round, chosen, applications, at, lapses_at(at, hours))
    execute(_DELETE_LOWER_PLACES, (offered,))
    return offered


def _find_caps(round: Round, free: list[FreeSeats], at: datetime) -> dict[int, int]:
    """School (row id) to how many it may still admit this year, for schools under a measure."""
    limits = school_limits(at)
    schools = sorted({row.school for row in free} & set(limits))
    rows = fetch_all(TAKEN_BY_SCHOOL, {"year": round.season.year, "schools": schools})
    taken = {row.school_id: row.taken for row in rows}
    return {school: max(limits[school] - taken.get(school, 0), 0) for school in schools}


def accept_by_standing_answers(offered: list[int], at: datetime) -> int:
    """Accept the new offers within standing answers; seats freed by that wait for the next refresh."""
    chosen = [row.id for row in fetch_all(_BY_STANDING_ANSWER, (offered,))] if offered else []
    reason = EndReason.STANDING_ANSWER
    accepted = waiting_list_offers.accept_offers(chosen, at, wait=True, reason=reason) if chosen else []
    execute(_TELL_ACCEPTED, (accepted,))
    return len(accepted)


def close_list(round: Round, at: datetime) -> None:
    """Tell the waiting applicants, end their waiting, delete the places; open offers keep their time."""
    params = {
        "round": round.pk,
        "reason": EndReason.LIST_ENDED.value,
        "name": str(round.public_id),
        "title": round.name,
        **bind_sentences([round], at),
    }
    for statement in (_TELL_END, _STOP_WAITING, _DELETE_PLACES):
        execute(statement, params)
