"""Effects of a decided duplicate case on seats, records and persons. (R5.04, R5.06, F-N4)"""

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

_ADMISSIONS = """
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
_HOLD_TWO = """
SELECT 1 FROM (
    SELECT intake_year::text FROM live_claim
    WHERE person_root_id = ANY(%(roots)s) GROUP BY 1 HAVING count(*) > 1
    UNION ALL
    SELECT 'record' FROM yangguang_studentrecord AS r JOIN yangguang_person AS p ON p.id = r.person_id
    WHERE p.root_id = ANY(%(roots)s) AND r.state <> 'CANCELLED' HAVING count(*) > 1
) AS doubled LIMIT 1
"""
_LINK = """
WITH linked AS (
    UPDATE yangguang_person SET merged_into_id = %(root)s
    WHERE root_id = %(other)s AND id <> %(root)s RETURNING id
)
UPDATE yangguang_seatclaim SET person_root_id = %(root)s WHERE person_root_id = %(other)s
"""
_LOCK_PERSONS = "SELECT id FROM yangguang_person WHERE id = ANY(%s) ORDER BY id FOR UPDATE"


def leave_for_outside(person: int, year: int, outside: OutsideEnrolment, at: datetime) -> int:
    """End the person's admissions of the intake year with their records; the outside enrolment claims the year's seat.

    Args:
        person: row id.
    Returns:
        the number of seats freed.
    """
    student = Admission.Cause.STUDENT
    admissions = fetch_all(_ADMISSIONS, (year, person))
    offered = [row.id for row in admissions if row.state == admission_states.OFFERED]
    answered = [row.id for row in admissions if row.state != admission_states.OFFERED]
    ended = transition("decline", offered, at, cause=student, reason=EndReason.ENROLLED_ELSEWHERE)
    ended += transition("release", answered, at, cause=student, reason=EndReason.ENROLLED_ELSEWHERE)
    execute(_CANCEL_RECORDS, (ended,))
    freed = seats.release_seats(ended, student)
    if outside.register in TAKES_A_SEAT:
        seats.claim_for_enrolments([outside.pk])
    return freed


def hold_two_seats(root: int, other: int) -> bool:
    """Lock two persons; return whether together they hold two live seats of one year, or two live records."""
    fetch_all(_LOCK_PERSONS, (sorted((root, other)),))
    return fetch_one(_HOLD_TWO, {"roots": [root, other]}) is not None


def link_persons(root: int, other: int) -> None:
    """Count every seat of `other`, and of the persons linked to it before, for the person `root`."""
    execute(_LINK, {"root": root, "other": other})
