"""Give and release seats: the only code that changes `taken` of a quota and seat claims. (R5.02, R5.03, F-D10)

No seat is given twice: the quota's CHECK, the conditional update and the partial unique index each refuse alone.
Locks only order the work, quotas by id first, then claims, so that transactions cannot deadlock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from yangguang.models import Admission, Application, Round
from yangguang.postgres.sql import Row, execute, fetch_all, fetch_row
from yangguang.rules.admissions import claim_states
from yangguang.rules.base.state_machine import render_states

ONE_CLAIM = f"""
    ON CONFLICT (person_root_id, intake_year) WHERE state IN {render_states(claim_states.LIVE)} DO NOTHING
""".strip()
"""The end of every INSERT of claims: a person with a seat of the year gets no second one."""
NEXT_ADMISSION = "nextval((SELECT pg_get_serial_sequence('yangguang_admission', 'id'))::regclass) AS admission_id"
QUOTAS_OF_ROUND = """
SELECT b.id FROM yangguang_quota AS b JOIN yangguang_roundprogramme AS rl ON rl.programme_id = b.programme_id
WHERE rl.round_id = %(round)s
"""
"""For `lock_quotas`: every quota of a round."""


@dataclass(frozen=True, slots=True)
class SeatingResult:
    """How many were admitted, and the 报名号 of those passed over because they have another seat."""

    seated: int
    skipped: tuple[str, ...]


def lock_quotas(which: str, params: Mapping[str, object]) -> None:
    """Lock the quotas whose ids the SELECT `which` returns, in order; call it before any other lock on their rows."""
    fetch_all(f"SELECT id FROM yangguang_quota WHERE id IN ({which}) ORDER BY id FOR UPDATE", params)


def count_seats_sql(rows: str, sign: str) -> str:
    """The UPDATE that adds ("+") the seats of the CTE `rows` to `taken` of their quotas, or subtracts ("-") them."""
    return f"""UPDATE yangguang_quota AS b SET taken = b.taken {sign} n.seats
    FROM (SELECT quota_id, count(*) AS seats FROM {rows} GROUP BY quota_id) AS n WHERE b.id = n.quota_id"""


# The unique index decides: a claim that another transaction inserts first is waited for, then skipped.
_ADMIT = """
now AS MATERIALIZED (SELECT yg_now() AS instant), claims AS (
    INSERT INTO yangguang_seatclaim (person_root_id, intake_year, quota_id, admission_id, state, recorded_at)
    SELECT root_id, year, quota_id, admission_id, 'HELD', (SELECT instant FROM now) FROM offers
    {one_claim}
    RETURNING id, admission_id, quota_id
), admitted AS (
    INSERT INTO yangguang_admission (id, application_id, person_id, school_id, round_id, run_id, imported_id,
        programme_id, quota_id, rank, published_at, answer_by, state, answered_at, cause, reason, version)
    SELECT o.admission_id, o.application_id, o.person_id, o.school_id, o.round_id, o.run_id, o.imported_id,
           o.programme_id, o.quota_id, o.rank, o.published_at, o.answer_by,
           {state}, {answered_at}, '{cause}', {reason}, 1
    FROM offers AS o JOIN claims USING (admission_id)
    RETURNING id
), events AS (
    INSERT INTO yangguang_seatevent (claim_id, state, cause, recorded_at)
    SELECT id, 'HELD', '{cause}', (SELECT instant FROM now) FROM claims
)
"""


def admit_sql(cause: Admission.Cause, *, state: str, answered_at: str, reason: str = "''") -> str:
    """The CTEs that admit the rows of the CTE `offers` with claim and event; `claims` are those that got a seat.

    `offers` has the columns admission_id (`NEXT_ADMISSION`), application_id, person_id, root_id, year, school_id,
    round_id, run_id, imported_id, programme_id, quota_id, rank, published_at and answer_by.

    Args:
        state, answered_at, reason: our own SQL expressions on the row `o`.
    """
    values = {"state": state, "answered_at": answered_at, "cause": cause.value, "reason": reason}
    return _ADMIT.format(one_claim=ONE_CLAIM, **values)


# Rows are inserted in the order of persons, so that two publications cannot deadlock and the indices grow at their end.
_ADMIT_MANY = f"""
WITH offers AS MATERIALIZED (
    SELECT {NEXT_ADMISSION}, o.*, %(year)s::int AS year, %(round)s::bigint AS round_id,
           %(at)s::timestamptz AS published_at, %(answer_by)s::timestamptz AS answer_by
    FROM (SELECT * FROM ({{offers}}) AS o ORDER BY root_id, number COLLATE "C") AS o
), {admit_sql(Admission.Cause.SYSTEM, state="'OFFERED'", answered_at="NULL")}, counted AS (
    {count_seats_sql("claims", "+")}
)
SELECT (SELECT count(*) FROM claims)::int AS seated,
       ARRAY(SELECT o.number FROM offers AS o WHERE NOT EXISTS (
           SELECT 1 FROM claims AS c WHERE c.admission_id = o.admission_id) ORDER BY o.number) AS skipped
"""


def admit_many(
    offers: str, params: Mapping[str, object], *, year: int, round: int, at: datetime, answer_by: datetime | None
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
    row = fetch_row(_ADMIT_MANY.format(offers=offers), bound)
    return SeatingResult(row.seated, tuple(row.skipped))


# Without a free seat the first CTE returns no row, and nothing is inserted.
_ADMIT_ONE = f"""
WITH offers AS (
    UPDATE yangguang_quota SET taken = taken + 1 WHERE id = %(quota)s AND taken < seats
    RETURNING {NEXT_ADMISSION}, %(application)s::bigint AS application_id, %(person)s::bigint AS person_id,
        %(root)s::bigint AS root_id, %(year)s::int AS year, %(school)s::bigint AS school_id,
        %(round)s::bigint AS round_id, NULL::bigint AS run_id, NULL::bigint AS imported_id, programme_id,
        id AS quota_id, 1 AS rank, %(at)s::timestamptz AS published_at, NULL::timestamptz AS answer_by
), {admit_sql(Admission.Cause.STUDENT, state="'ACCEPTED'", answered_at="%(at)s::timestamptz")}
SELECT EXISTS (SELECT FROM offers) AS has_seat, (SELECT id FROM admitted) AS admission
"""


def admit_one(
    application: Application, round: Round, *, quota: int, facts: Row, at: datetime
) -> tuple[bool, int | None]:
    """Admit one consenting person to one quota, in one conditional statement.

    Args:
        quota: row id.
        facts: of `seat_eligibility.read_facts`.
    Returns:
        whether the quota had a seat, and the admission's row id, None when the person already has a seat. In both
        failures the caller must refuse, so that the transaction is rolled back.
    """
    person = {"application": application.pk, "person": application.person_id, "root": facts.root_id}
    where = {"quota": quota, "school": facts.school_id, "round": round.pk}
    row = fetch_row(_ADMIT_ONE, person | where | {"year": facts.year, "at": at})
    return row.has_seat, row.admission


_FREE = """
freed AS (
    UPDATE yangguang_seatclaim AS c SET state = '{released}' {which} AND c.state IN {live}
    RETURNING c.id, c.quota_id
), given AS (
    {count}
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
    live, count = render_states(claim_states.LIVE), count_seats_sql("freed", "-")
    return _FREE.format(which=which, cause=cause.value, live=live, released=claim_states.RELEASED, count=count)


def release_seats(admissions: Sequence[int], cause: Admission.Cause) -> int:
    """Release the seats of these admissions (row ids); return how many claims were live."""
    params = {"admissions": list(admissions)}
    lock_quotas("SELECT quota_id FROM yangguang_seatclaim WHERE admission_id = ANY(%(admissions)s)", params)
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
