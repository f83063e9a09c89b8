"""Give and release seats: the only code that changes `taken` of a quota and seat claims. (R5.02, R5.03, F-D10)

No seat is given twice: the quota's CHECK, the conditional update and the partial unique index each refuse alone.
Locks only order the work, quotas by id first, then claims, so that transactions cannot deadlock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yangguang.models import Admission, Application, Programme, Round
from yangguang.postgres.sql import Row, execute, fetch_all, fetch_one
from yangguang.rules.admissions import claim_states
from yangguang.rules.base.state_machine import render_states

ONE_CLAIM = f"""
    ON CONFLICT (person_root_id, intake_year) WHERE state IN {render_states(claim_states.LIVE)} DO NOTHING
""".strip()
"""The end of every INSERT of claims: a person with a seat of the year gets no second one."""


@dataclass(frozen=True, slots=True)
class SeatingResult:
    """How many were admitted, and the 报名号 of those passed over because they have another seat."""

    seated: int
    skipped: tuple[str, ...]


_LOCK = "SELECT id FROM yangguang_quota WHERE id IN ({}) ORDER BY id FOR UPDATE"

# The unique index decides: a claim that another transaction inserts first is waited for, then skipped. Rows are
# inserted in the order of persons, so that two publications cannot deadlock and the indices grow at their end.
_ADMIT_MANY = f"""
WITH now AS MATERIALIZED (
    SELECT yg_now() AS instant, pg_get_serial_sequence('yangguang_admission', 'id') AS ids
), offers AS MATERIALIZED (
    SELECT nextval((SELECT ids FROM now)::regclass) AS admission_id, o.*
    FROM (SELECT * FROM ({{offers}}) AS o ORDER BY root_id, number COLLATE "C") AS o
), claims AS (
    INSERT INTO yangguang_seatclaim (person_root_id, intake_year, quota_id, admission_id, state, recorded_at)
    SELECT root_id, %(year)s, quota_id, admission_id, 'HELD', (SELECT instant FROM now) FROM offers
    {ONE_CLAIM}
    RETURNING id, admission_id, quota_id
), admitted AS (
    INSERT INTO yangguang_admission (id, application_id, person_id, school_id, round_id, run_id, imported_id,
        programme_id, quota_id, rank, state, published_at, answer_by, cause, reason, version)
    SELECT o.admission_id, o.application_id, o.person_id, o.school_id, %(round)s, o.run_id, o.imported_id,
           o.programme_id, o.quota_id, o.rank, 'OFFERED', %(at)s, %(answer_by)s::timestamptz, 'SYSTEM', '', 1
    FROM offers AS o JOIN claims USING (admission_id)
), events AS (
    INSERT INTO yangguang_seatevent (claim_id, state, cause, recorded_at)
    SELECT id, 'HELD', 'SYSTEM', (SELECT instant FROM now) FROM claims
), counted AS (
    UPDATE yangguang_quota AS b SET taken = b.taken + n.seats
    FROM (SELECT quota_id, count(*) AS seats FROM claims GROUP BY quota_id) AS n WHERE b.id = n.quota_id
)
SELECT (SELECT count(*) FROM claims)::int AS seated,
       ARRAY(SELECT o.number FROM offers AS o WHERE NOT EXISTS (
           SELECT 1 FROM claims AS c WHERE c.admission_id = o.admission_id) ORDER BY o.number) AS skipped
"""


def lock_quotas(which: str, params: Mapping[str, Any]) -> None:
    """Lock the quotas whose ids the SELECT `which` returns, in order; call it before any other lock on their rows."""
    fetch_all(_LOCK.format(which), params)


def admit_many(
    offers: str, params: Mapping[str, Any], *, year: int, round: int, at: datetime, answer_by: datetime | None
) -> SeatingResult:
    """Admit everyone the SELECT `offers` returns, with claim, event and count, in one statement.

    Args:
        offers: our own SQL with columns number, application_id, person_id, root_id, school_id, programme_id,
            quota_id, rank, run_id, imported_id; its quotas are locked already.
        params: its parameters.
        year: intake year.
        round: row id.
    Raises:
        IntegrityError: a quota would exceed its seats; callers check before, so this ends the transaction.
    """
    bound = {**params, "year": year, "round": round, "at": at, "answer_by": answer_by}
    row = fetch_one(_ADMIT_MANY.format(offers=offers), bound)
    assert row is not None
    return SeatingResult(row.seated, tuple(row.skipped))


# Without a free seat the first CTE returns no row, and nothing is inserted.
_ADMIT_ONE = f"""
WITH seat AS (
    UPDATE yangguang_quota SET taken = taken + 1 WHERE id = %(quota)s AND taken < seats RETURNING id
), claim AS (
    INSERT INTO yangguang_seatclaim (person_root_id, intake_year, quota_id, admission_id, state)
    SELECT %(root)s, %(year)s, id, nextval(pg_get_serial_sequence('yangguang_admission', 'id')), 'HELD' FROM seat
    {ONE_CLAIM}
    RETURNING id, admission_id
), events AS (
    INSERT INTO yangguang_seatevent (claim_id, state, cause) SELECT id, 'HELD', 'STUDENT' FROM claim
), admitted AS (
    INSERT INTO yangguang_admission (id, application_id, person_id, school_id, round_id, programme_id, quota_id,
        rank, state, published_at, answered_at, cause, reason, version)
    SELECT admission_id, %(application)s, %(person)s, %(school)s, %(round)s, %(programme)s, %(quota)s,
           1, 'ACCEPTED', %(at)s, %(at)s, 'STUDENT', '', 1 FROM claim
    RETURNING id
)
SELECT EXISTS (SELECT FROM seat) AS has_seat, (SELECT id FROM admitted) AS admission
"""


def admit_one(
    application: Application, round: Round, programme: Programme, *, quota: int, facts: Row, at: datetime
) -> tuple[bool, int | None]:
    """Admit one consenting person to one quota, in one conditional statement.

    Args:
        quota: row id.
        facts: of `seat_eligibility.read_facts`.
    Returns:
        whether the quota had a seat, and the admission's row id, None when the person already has a seat. In both
        failures the caller must refuse, so that the transaction is rolled back.
    """
    params = {
        "quota": quota,
        "root": facts.root_id,
        "year": facts.year,
        "application": application.pk,
        "person": application.person_id,
        "school": facts.school_id,
        "round": round.pk,
        "programme": programme.pk,
        "at": at,
    }
    row = fetch_one(_ADMIT_ONE, params)
    assert row is not None
    return row.has_seat, row.admission


_OF_ADMISSIONS = "SELECT quota_id FROM yangguang_seatclaim WHERE admission_id = ANY(%(admissions)s)"
_FREE = """
freed AS (
    UPDATE yangguang_seatclaim AS c SET state = '{released}' {which} AND c.state IN {live}
    RETURNING c.id, c.quota_id
), given AS (
    UPDATE yangguang_quota AS b SET taken = b.taken - n.seats
    FROM (SELECT quota_id, count(*) AS seats FROM freed GROUP BY quota_id) AS n WHERE b.id = n.quota_id
), events AS (
    INSERT INTO yangguang_seatevent (claim_id, state, cause) SELECT id, '{released}', '{cause}' FROM freed
)
"""
_CONFIRM = """
WITH confirmed AS (
    UPDATE yangguang_seatclaim SET state = 'CONFIRMED'
    WHERE admission_id = ANY(%s) AND state = 'HELD' RETURNING id
), events AS (
    INSERT INTO yangguang_seatevent (claim_id, state, cause) SELECT id, 'CONFIRMED', %s FROM confirmed
)
SELECT id FROM confirmed
"""


def free_seats_sql(which: str, cause: Admission.Cause) -> str:
    """The CTEs that release claims and give their seats back to the quotas; `freed` are the released claims.

    Args:
        which: our own SQL after SET in an UPDATE of the claims `c`, from WHERE or FROM on.
    """
    live = render_states(claim_states.LIVE)
    return _FREE.format(which=which, cause=cause.value, live=live, released=claim_states.RELEASED)


def release_seats(admissions: Sequence[int], cause: Admission.Cause) -> int:
    """Release the seats of these admissions (row ids); return how many claims were live."""
    params = {"admissions": list(admissions)}
    lock_quotas(_OF_ADMISSIONS, params)
    free = free_seats_sql("WHERE c.admission_id = ANY(%(admissions)s)", cause)
    return execute(f"WITH {free} SELECT id FROM freed", params)


def confirm_seats(admissions: Sequence[int], cause: Admission.Cause) -> int:
    """Confirm the claims of these admissions (row ids) after check-in; return how many were confirmed."""
    return execute(_CONFIRM, (list(admissions), cause.value))


_CLAIM_OUTSIDE = f"""
WITH claims AS (
    INSERT INTO yangguang_seatclaim (person_root_id, intake_year, outside_id, state)
    SELECT DISTINCT ON (p.root_id) p.root_id, o.intake_year, o.id, 'HELD'
    FROM yangguang_outsideenrolment AS o JOIN yangguang_person AS p ON p.id_hash = o.id_hash
    WHERE o.id = ANY(%s) ORDER BY p.root_id, o.id
    {ONE_CLAIM}
    RETURNING id, outside_id
), events AS (
    INSERT INTO yangguang_seatevent (claim_id, state, cause) SELECT id, 'HELD', 'BUREAU' FROM claims
)
SELECT outside_id FROM claims ORDER BY outside_id
"""


def claim_for_enrolments(enrolments: Sequence[int]) -> list[int]:
    """Claim the person's seat of the year for enrolments known from an external register.

    Args:
        enrolments: row ids of `OutsideEnrolment`.
    Returns:
        those that got the claim; a person with a seat keeps it, and officers decide the case.
    """
    return [row.outside_id for row in fetch_all(_CLAIM_OUTSIDE, (list(enrolments),))]
