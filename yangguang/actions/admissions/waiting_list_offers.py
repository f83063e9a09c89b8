"""Offers from a waiting list and their seats: made, accepted, ended. Plain functions for several actions. (F-D8)

An open offer counts in its quota's `taken`, so that the seat cannot be given to another person. Locks are taken in the
order of `actions.admissions.seats`: quotas by id, then offers, then admissions and claims.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from yangguang.actions.admissions import seats
from yangguang.actions.admissions.transitions import transition
from yangguang.actions.messages.enqueue import enqueue_sql
from yangguang.models import Admission, Round
from yangguang.postgres.sql import fetch_all
from yangguang.rules.admissions import admission_states, offer_states
from yangguang.rules.admissions.end_reasons import EndReason
from yangguang.rules.admissions.waiting_list import WaitingChoice
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.seasons.windows import format_instant

_OFFERED = """
SELECT a.person_id, 'waiting.offer' AS event, 'offer:' || m.public_id AS subject,
       format(%(text)s, u.name, l.major) AS text
FROM opened AS m JOIN yangguang_application AS a ON a.id = m.application_id
JOIN yangguang_unit AS u ON u.id = m.school_id JOIN yangguang_programme AS l ON l.id = m.programme_id
ORDER BY a.number COLLATE "C"
"""
_MAKE = f"""
WITH chosen AS (
    SELECT * FROM unnest(%(applications)s::bigint[], %(programmes)s::bigint[], %(kinds)s::text[], %(ranks)s::int[],
                         %(places)s::int[]) AS c(application_id, programme_id, kind, rank, place)
), opened AS (
    INSERT INTO yangguang_waitingoffer (application_id, round_id, school_id, programme_id, quota_id, rank, place,
        state, offered_at, answer_by, cause, reason, version)
    SELECT c.application_id, %(round)s, p.school_id, c.programme_id, b.id, c.rank, c.place,
           'OPEN', %(at)s, %(answer_by)s, 'SYSTEM', '', 1
    FROM chosen AS c JOIN yangguang_quota AS b ON b.programme_id = c.programme_id AND b.code = c.kind
    JOIN yangguang_programme AS l ON l.id = c.programme_id JOIN yangguang_plan AS p ON p.id = l.plan_id
    ORDER BY c.application_id
    RETURNING id, public_id, application_id, school_id, programme_id, quota_id
), counted AS (
    {seats.count_seats_sql("opened", "+")}
), queued AS ({enqueue_sql(_OFFERED)})
SELECT id FROM opened ORDER BY id
"""


def make_offers(
    round: Round, chosen: Sequence[WaitingChoice], applications: Mapping[str, int], at: datetime, answer_by: datetime
) -> list[int]:
    """Offer the chosen seats and tell the students; the quotas are locked already.

    Args:
        applications: 报名号 to row id.
    Returns:
        row ids of the offers.
    Raises:
        IntegrityError: a quota would exceed its seats; callers count before, so this ends the transaction.
    """
    name, until = round.name.replace("%", "%%"), format_instant(answer_by, closing=True)
    params = {
        "applications": [applications[choice.number] for choice in chosen],
        "programmes": [choice.programme for choice in chosen],
        "kinds": [choice.kind for choice in chosen],
        "ranks": [choice.rank for choice in chosen],
        "places": [choice.place for choice in chosen],
        "round": round.pk,
        "at": at,
        "answer_by": answer_by,
        "text": f"【阳光招生】{name}候补轮到您：%s%s专业。请于{until}前登录应答，逾期视为放弃。",
    }
    return [row.id for row in fetch_all(_MAKE, params)]


# An offer with the year of its season and the root of its student, and with the seat the student has in that year.
_OF_STUDENT = """
FROM yangguang_waitingoffer AS o
JOIN yangguang_application AS a ON a.id = o.application_id JOIN yangguang_person AS n ON n.id = a.person_id
JOIN yangguang_round AS r ON r.id = o.round_id JOIN yangguang_season AS s ON s.id = r.season_id
"""
_WITH_SEAT = f"""{_OF_STUDENT.rstrip()}
LEFT JOIN live_claim AS c ON c.person_root_id = n.root_id AND c.intake_year = s.year
LEFT JOIN yangguang_admission AS h ON h.id = c.admission_id
"""
_QUOTAS = f"SELECT unnest(ARRAY[o.quota_id, c.quota_id]) {_WITH_SEAT} WHERE o.id = ANY(%(offers)s)"
# A lower seat of the same round is released; any other live claim, or a record, prevents the acceptance.
_ACCEPTABLE = f"""
SELECT o.id, h.id AS lower {_WITH_SEAT}
WHERE o.id = ANY(%(offers)s) AND o.state = 'OPEN' AND o.answer_by > %(at)s AND (c.id IS NULL OR (
    h.application_id = o.application_id AND h.round_id = o.round_id AND h.rank > o.rank
    AND h.state IN {render_states(admission_states.TRANSITIONS["release"].froms)}
    AND NOT EXISTS (SELECT 1 FROM yangguang_studentrecord AS k WHERE k.admission_id = h.id AND k.state <> 'CANCELLED')
))
ORDER BY o.id FOR UPDATE OF o
"""
_STATE = "CASE WHEN %(wait)s AND o.rank > 1 THEN 'WAITING' ELSE 'ACCEPTED' END"
_ADMITTED = seats.admit_sql(Admission.Cause.STUDENT, state=_STATE, answered_at="%(at)s", reason="%(reason)s")
_ACCEPT = f"""
WITH offers AS MATERIALIZED (
    SELECT {seats.NEXT_ADMISSION}, o.id AS offer_id, o.application_id, a.person_id, n.root_id, s.year, o.school_id,
           o.round_id, NULL::bigint AS run_id, NULL::bigint AS imported_id, o.programme_id, o.quota_id, o.rank,
           o.offered_at AS published_at, NULL::timestamptz AS answer_by
    {_OF_STUDENT} WHERE o.id = ANY(%(offers)s) ORDER BY o.id
), {_ADMITTED}, answered AS (
    UPDATE yangguang_waitingoffer AS o
    SET state = 'ACCEPTED', ended_at = %(at)s, cause = 'STUDENT', reason = %(reason)s, version = o.version + 1,
        admission_id = a.admission_id
    FROM offers AS a JOIN claims USING (admission_id) WHERE o.id = a.offer_id
    RETURNING o.id, o.application_id, o.round_id, o.rank
)
SELECT id, application_id, round_id, rank FROM answered ORDER BY id
"""


def accept_offers(offers: Sequence[int], at: datetime, *, wait: bool, reason: EndReason) -> list[int]:
    """Turn open offers into admissions; a lower seat of the same round is released in the same transaction.

    The students' lower offers end, and unless they go on waiting (`wait`) the higher ones, too.

    Returns:
        the accepted offers; one that has ended, or whose student has another seat, is left out.
    """
    params = {"offers": list(offers), "at": at}
    seats.lock_quotas(_QUOTAS, params)
    acceptable = fetch_all(_ACCEPTABLE, params)
    lower = [row.lower for row in acceptable if row.lower is not None]
    left = transition("release", lower, at, cause=Admission.Cause.STUDENT, reason=EndReason.MOVED_UP)
    seats.release_seats(left, Admission.Cause.STUDENT)
    chosen = [row.id for row in acceptable]
    rows = fetch_all(_ACCEPT, {"offers": chosen, "at": at, "wait": wait, "reason": reason.value})
    for row in rows:
        below = row.rank if wait else 0
        end_offers(row.application_id, row.round_id, at, EndReason.MOVED_UP, below=below)
    return [row.id for row in rows]


_END = f"""
WITH gone AS (
    UPDATE yangguang_waitingoffer SET state = %(state)s, ended_at = %(at)s, cause = %(cause)s, reason = %(reason)s,
        version = version + 1
    WHERE id = ANY(%(offers)s) AND state = 'OPEN' RETURNING id, quota_id
), given AS (
    {seats.count_seats_sql("gone", "-")}
)
SELECT id FROM gone ORDER BY id
"""
_OPEN_OFFERS = """
SELECT id FROM yangguang_waitingoffer
WHERE application_id = %(application)s AND (%(round)s::bigint IS NULL OR round_id = %(round)s::bigint)
  AND rank > %(below)s AND state = 'OPEN' ORDER BY id
"""


def close_offers(
    offers: Sequence[int], at: datetime, state: str, cause: Admission.Cause, reason: EndReason | None = None
) -> list[int]:
    """End open offers and release their seats; offers that have ended are not changed.

    Returns:
        those that ended now.
    """
    if not offers:
        return []
    params = {"offers": list(offers), "at": at, "state": state, "cause": cause.value, "reason": reason or ""}
    seats.lock_quotas("SELECT quota_id FROM yangguang_waitingoffer WHERE id = ANY(%(offers)s)", params)
    return [row.id for row in fetch_all(_END, params)]


def end_offers(application: int, round: int | None, at: datetime, reason: EndReason, *, below: int = 0) -> int:
    """End the open offers of one application after another decision of its student; return how many ended.

    Args:
        round: row id, None for all rounds.
        below: only offers of choices ranked below this one.
    """
    params = {"application": application, "round": round, "below": below}
    offers = [row.id for row in fetch_all(_OPEN_OFFERS, params)]
    return len(close_offers(offers, at, offer_states.ENDED, Admission.Cause.STUDENT, reason))


def lapse_due(round: int, at: datetime) -> int:
    """End the offers not answered in time, which count as declined; return how many ended."""
    due = "SELECT id FROM yangguang_waitingoffer WHERE round_id = %s AND state = 'OPEN' AND answer_by <= %s ORDER BY id"
    offers = [row.id for row in fetch_all(due, (round, at))]
    system, reason = Admission.Cause.SYSTEM, EndReason.SILENCE_DECLINED
    return len(close_offers(offers, at, offer_states.LAPSED, system, reason))
