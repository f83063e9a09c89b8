"""Effects of a decided duplicate case on seats, records and persons. (R5.04, R5.06, F-N4)"""

from datetime import datetime

from yangguang.actions.admissions import seats
from yangguang.actions.admissions.transitions import transition
from yangguang.models import Admission, IdentityCase, Person
from yangguang.postgres.sql import execute, fetch_all, fetch_one
from yangguang.rules.admissions import admission_states
from yangguang.rules.admissions.end_reasons import EndReason
from yangguang.rules.applicants.duplicates import Row, check_may_link
from yangguang.rules.base.refusals import Refused
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.organisation.external_registers import TAKES_A_SEAT
from yangguang.rules.records import record_states
from yangguang.rules.runs.published_properties import ONE_SEAT

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


def leave_for_outside(case: IdentityCase, at: datetime) -> int:
    """End the person's admissions of the intake year with their records; the outside enrolment claims the year's seat.

    Returns:
        the number of seats freed.
    """
    assert case.outside is not None
    student = Admission.Cause.STUDENT
    admissions = fetch_all(_ADMISSIONS, (case.season_year, case.person_id))
    offered = [row.id for row in admissions if row.state == admission_states.OFFERED]
    answered = [row.id for row in admissions if row.state != admission_states.OFFERED]
    ended = transition("decline", offered, at, cause=student, reason=EndReason.ENROLLED_ELSEWHERE)
    ended += transition("release", answered, at, cause=student, reason=EndReason.ENROLLED_ELSEWHERE)
    execute(_CANCEL_RECORDS, (ended,))
    freed = seats.release_seats(ended, student)
    if case.outside.register in TAKES_A_SEAT:
        seats.claim_for_enrolments([case.outside.pk])
    return freed


def link_persons(case: IdentityCase) -> None:
    """Count every seat of the case's second person, and of the persons linked to it before, for the first.

    Raises:
        Refused: the police matched both, or together they hold two live seats of one year, or two live records.
    """
    assert case.other is not None
    check_may_link(
        *(Row(one.pk, is_police_matched=one.trust == Person.Trust.POLICE) for one in (case.person, case.other))
    )
    root, other = case.person.root_id, case.other.root_id
    list(Person.objects.select_for_update().filter(pk__in=(root, other)).order_by("pk"))
    if fetch_one(_HOLD_TWO, {"roots": [root, other]}) is not None:
        raise Refused(
            "这两条登记各占着一个名额，不能直接归并",
            why="一人一年只能占一个名额，由学生本人决定保留哪一个",
            now="请通知学生登录放弃其中一个，再来裁定",
            clause=ONE_SEAT,
        )
    execute(_LINK, {"root": root, "other": other})
