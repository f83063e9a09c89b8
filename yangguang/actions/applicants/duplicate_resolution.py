"""What a verdict does to seats and records: leave for another register, or be one person with another entry.
(R5.04, R5.06, F-N4)
"""

from datetime import datetime

from yangguang.actions.admissions import seats
from yangguang.actions.admissions.transitions import transition
from yangguang.models import Admission, OutsideEnrolment
from yangguang.postgres.sql import execute, fetch_all, fetch_one
from yangguang.rules.admissions import admission_states
from yangguang.rules.admissions.end_reasons import EndReason
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.organisation.external_registers import TAKES_A_SEAT
from yangguang.rules.records import record_states

_HERE = """
SELECT a.id, a.state FROM live_admission AS a
JOIN yangguang_round AS r ON r.id = a.round_id
JOIN yangguang_season AS s ON s.id = r.season_id AND s.year = %s
WHERE a.person_id = %s ORDER BY a.id FOR UPDATE OF a
"""
_CANCEL_RECORDS = f"""
WITH ended AS (
    UPDATE yangguang_studentrecord SET state = 'CANCELLED', version = version + 1
    WHERE admission_id = ANY(%s) AND state IN {render_states(record_states.TRANSITIONS["cancel"].froms)} RETURNING id
)
INSERT INTO yangguang_recordevent (record_id, kind, note, cause)
SELECT id, '注销', '本人选择外校，重复学籍裁定', 'STUDENT' FROM ended
"""
_BOTH = """
SELECT 1 FROM (
    SELECT intake_year::text FROM live_claim
    WHERE person_root_id = ANY(%(roots)s) GROUP BY 1 HAVING count(*) > 1
    UNION ALL
    SELECT 'record' FROM yangguang_studentrecord AS r JOIN yangguang_person AS p ON p.id = r.person_id
    WHERE p.root_id = ANY(%(roots)s) AND r.state <> 'CANCELLED' HAVING count(*) > 1
) AS twice LIMIT 1
"""
_LINK = """
WITH linked AS (
    UPDATE yangguang_person SET merged_into_id = %(root)s
    WHERE root_id = %(other)s AND id <> %(root)s RETURNING id
)
UPDATE yangguang_seatclaim SET person_root_id = %(root)s WHERE person_root_id = %(other)s
"""
_LOCK = "SELECT id FROM yangguang_person WHERE id = ANY(%s) ORDER BY id FOR UPDATE"


def leave_for(person: int, year: int, elsewhere: OutsideEnrolment, at: datetime) -> int:
    """Give the year's seat here back, with the record on it; the place elsewhere is what the year's claim rests on.

    Returns:
        seats freed.
    """
    student = Admission.Cause.STUDENT
    here = fetch_all(_HERE, (year, person))
    offered = [admission for admission, state in here if state == admission_states.OFFERED]
    others = [admission for admission, state in here if state != admission_states.OFFERED]
    gone = transition("decline", offered, at, cause=student, reason=EndReason.ENROLLED_ELSEWHERE)
    gone += transition("release", others, at, cause=student, reason=EndReason.ENROLLED_ELSEWHERE)
    execute(_CANCEL_RECORDS, (gone,))
    freed = seats.release_seats(gone, student)
    if elsewhere.register in TAKES_A_SEAT:
        seats.claim_for_enrolments([elsewhere.pk])
    return freed


def both_hold_a_seat(root: int, other: int) -> bool:
    """Whether two persons hold two live seats of one year, or two live records. Locks both persons."""
    fetch_all(_LOCK, (sorted((root, other)),))
    return fetch_one(_BOTH, {"roots": [root, other]}) is not None


def link(root: int, other: int) -> None:
    """Make `other`, and whoever was linked to it, the person `root` for every seat that is counted."""
    execute(_LINK, {"root": root, "other": other})
