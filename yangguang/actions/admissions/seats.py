"""Taking and giving back seats: the one place where `taken` and the claims of "一人一席" move. (R5.02, R5.03, F-D10)

No oversell by construction: the quota's CHECK, the conditional update and the partial unique index each refuse
alone. Locks only order the work: quotas first, by id, then claims; whoever keeps to it cannot deadlock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yangguang.models import Admission
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.rules.admissions import claim_states
from yangguang.rules.base.state_machine import render_states

ONE_CLAIM = f"""
    ON CONFLICT (person_root_id, intake_year) WHERE state IN {render_states(claim_states.LIVE)} DO NOTHING
""".strip()
"""What ends every INSERT of claims: a person who holds a seat of the year already takes no second one."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How many were seated, and the 报名号 of those who hold a seat elsewhere and were passed over."""

    seated: int
    skipped: tuple[str, ...]


_LOCK = "SELECT id FROM yangguang_quota WHERE id IN ({}) ORDER BY id FOR UPDATE"

# The unique index decides who is seated: a claim that another transaction made first is waited for, then skipped.
# Everybody comes in the order of the persons: two publications at once cannot wait for each other in a circle, and
# the indices by person and application grow at their end instead of all over.
_TAKE_MANY = f"""
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
), told AS (
    INSERT INTO yangguang_seatevent (claim_id, state, cause, recorded_at)
    SELECT id, 'HELD', 'SYSTEM', (SELECT instant FROM now) FROM claims
), counted AS (
    UPDATE yangguang_quota AS b SET taken = b.taken + n.seats
    FROM (SELECT quota_id, count(*) AS seats FROM claims GROUP BY quota_id) AS n WHERE b.id = n.quota_id
)
SELECT (SELECT count(*) FROM claims),
       ARRAY(SELECT o.number FROM offers AS o
             WHERE NOT EXISTS (SELECT 1 FROM claims AS c WHERE c.admission_id = o.admission_id) ORDER BY o.number)
"""


def lock_quotas(which: str, params: Mapping[str, Any]) -> None:
    """Lock the quotas that the SELECT `which` names, in order; before anything else of theirs is touched."""
    fetch_all(_LOCK.format(which), params)


def take_many(
    offers: str, params: Mapping[str, Any], *, year: int, round: int, at: datetime, answer_by: datetime | None
) -> Taken:
    """Admit everyone the SELECT `offers` names, with claim, event and count, in one statement.

    Args:
        offers: our own SQL with columns number, application_id, person_id, root_id, school_id, programme_id,
            quota_id, rank, run_id, imported_id; its quotas are locked already.
        params: what it binds; year, round: intake year and row id of the round.
    Raises:
        IntegrityError: a quota would be over; the caller has asked before, so this ends the transaction.
    """
    bound = {**params, "year": year, "round": round, "at": at, "answer_by": answer_by}
    row = fetch_one(_TAKE_MANY.format(offers=offers), bound)
    assert row is not None
    return Taken(int(row[0]), tuple(row[1]))


# The quota gives a seat only while it has one; without a row from it nothing below happens.
_TAKE_ONE = f"""
WITH seat AS (
    UPDATE yangguang_quota SET taken = taken + 1 WHERE id = %(quota)s AND taken < seats RETURNING id
), claim AS (
    INSERT INTO yangguang_seatclaim (person_root_id, intake_year, quota_id, admission_id, state)
    SELECT %(root)s, %(year)s, id, nextval(pg_get_serial_sequence('yangguang_admission', 'id')), 'HELD' FROM seat
    {ONE_CLAIM}
    RETURNING id, admission_id
), told AS (
    INSERT INTO yangguang_seatevent (claim_id, state, cause) SELECT id, 'HELD', 'STUDENT' FROM claim
), admitted AS (
    INSERT INTO yangguang_admission (id, application_id, person_id, school_id, round_id, programme_id, quota_id,
        rank, state, published_at, answered_at, cause, reason, version)
    SELECT admission_id, %(application)s, %(person)s, %(school)s, %(round)s, %(programme)s, %(quota)s,
           1, 'ACCEPTED', %(at)s, %(at)s, 'STUDENT', '', 1 FROM claim
    RETURNING id
)
SELECT (SELECT id FROM seat), (SELECT id FROM admitted)
"""


def take_one(**params: Any) -> tuple[bool, int | None]:
    """Admit one consenting person to one quota, in one conditional statement.

    Args:
        params: quota, root, year, application, person, school, round, programme (row ids and year), at.
    Returns:
        whether the quota had a seat, and the admission's row id, None when the person already holds a seat. In
        both failures the caller must refuse, so that the transaction gives back what was taken.
    """
    row = fetch_one(_TAKE_ONE, params)
    assert row is not None
    return row[0] is not None, row[1]


_OF_ADMISSIONS = "SELECT quota_id FROM yangguang_seatclaim WHERE admission_id = ANY(%(admissions)s)"
_FREE = """
freed AS (
    UPDATE yangguang_seatclaim AS c SET state = '{released}' {which} AND c.state IN {live}
    RETURNING c.id, c.quota_id
), given AS (
    UPDATE yangguang_quota AS b SET taken = b.taken - n.seats
    FROM (SELECT quota_id, count(*) AS seats FROM freed GROUP BY quota_id) AS n WHERE b.id = n.quota_id
), noted AS (
    INSERT INTO yangguang_seatevent (claim_id, state, cause) SELECT id, '{released}', '{cause}' FROM freed
)
"""
_CONFIRM = """
WITH kept AS (
    UPDATE yangguang_seatclaim SET state = 'CONFIRMED'
    WHERE admission_id = ANY(%s) AND state = 'HELD' RETURNING id
), told AS (
    INSERT INTO yangguang_seatevent (claim_id, state, cause) SELECT id, 'CONFIRMED', %s FROM kept
)
SELECT count(*) FROM kept
"""


def free_seats_sql(which: str, cause: Admission.Cause) -> str:
    """The CTEs that give seats back to their quotas; `freed` are the claims that ended.

    Args:
        which: our own SQL after SET in an UPDATE of the claims `c`, from WHERE or FROM on.
    """
    live = render_states(claim_states.LIVE)
    return _FREE.format(which=which, cause=cause.value, live=live, released=claim_states.RELEASED)


def release(admissions: Sequence[int], cause: Admission.Cause) -> int:
    """Give the seats of these admissions back to their quotas; a claim that has ended already is left alone."""
    params = {"admissions": list(admissions)}
    lock_quotas(_OF_ADMISSIONS, params)
    free = free_seats_sql("WHERE c.admission_id = ANY(%(admissions)s)", cause)
    row = fetch_one(f"WITH {free} SELECT count(*) FROM freed", params)
    assert row is not None
    return int(row[0])


def confirm(admissions: Sequence[int], cause: Admission.Cause) -> int:
    """Make the claims of these admissions those of people who have arrived."""
    row = fetch_one(_CONFIRM, (list(admissions), cause.value))
    assert row is not None
    return int(row[0])


_CLAIM_OUTSIDE = f"""
WITH claims AS (
    INSERT INTO yangguang_seatclaim (person_root_id, intake_year, outside_id, state)
    SELECT DISTINCT ON (p.root_id) p.root_id, o.intake_year, o.id, 'HELD'
    FROM yangguang_outsideenrolment AS o JOIN yangguang_person AS p ON p.id_hash = o.id_hash
    WHERE o.id = ANY(%s) ORDER BY p.root_id, o.id
    {ONE_CLAIM}
    RETURNING id, outside_id
), told AS (
    INSERT INTO yangguang_seatevent (claim_id, state, cause) SELECT id, 'HELD', 'BUREAU' FROM claims
)
SELECT outside_id FROM claims ORDER BY outside_id
"""


def claim_outside(enrolments: Sequence[int]) -> list[int]:
    """Let admissions known from an outside list take their person's seat of the year.

    Args:
        enrolments: row ids of `OutsideEnrolment`.
    Returns:
        those that took it; a person who holds a seat already keeps it, and the case is for people to decide.
    """
    return [outside for (outside,) in fetch_all(_CLAIM_OUTSIDE, (list(enrolments),))]
