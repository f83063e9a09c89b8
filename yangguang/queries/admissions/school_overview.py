"""A school's own numbers, applicants and cutoffs, from published runs only. (R6.08, F-C3, F-C5)"""

from collections.abc import Mapping

from yangguang.models import Season, Unit
from yangguang.models.base.fields import Sealed
from yangguang.postgres.sql import Row, fetch_all, fetch_row
from yangguang.queries.plans.seat_counts import ALL_FREE, ALL_SEATS, DEDICATED_SEATS
from yangguang.rules.admissions import admission_states
from yangguang.rules.admissions.admission_states import TRANSITIONS
from yangguang.rules.applicants.origins import Origin
from yangguang.rules.base.names import mask_phone
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.runs.matching_types import ReasonCode

_OWN_PROGRAMMES = """
own AS (
    SELECT l.id, l.code, l.major FROM yangguang_programme AS l JOIN yangguang_plan AS p ON p.id = l.plan_id
    WHERE p.school_id = %(school)s AND p.season_id = %(season)s
)
"""
# A programme held back by the verifier has no published result yet, so its applicants are left out.
_CHOSE = """
chose AS (
    SELECT s.application_id, run.round_id, w.nth::int AS rank, w.programme, s.codes[w.nth] AS code
    FROM yangguang_admissionrun AS run
    JOIN yangguang_round AS r ON r.id = run.round_id AND r.season_id = %(season)s
    JOIN yangguang_placement AS s ON s.run_id = run.id AND s.programmes && (SELECT array_agg(id) FROM own)
    CROSS JOIN LATERAL unnest(s.programmes) WITH ORDINALITY AS w(programme, nth)
    JOIN own ON own.id = w.programme
    WHERE run.state = 'PUBLISHED' AND NOT coalesce(run.report -> 'held_back', '[]') ? own.code
    UNION ALL
    SELECT a.application_id, a.round_id, coalesce(a.rank, 0), a.programme_id, 'admitted'
    FROM yangguang_admission AS a JOIN own ON own.id = a.programme_id
    -- An admission from a waiting list is in the first part by its choice already.
    WHERE a.run_id IS NULL AND NOT EXISTS (SELECT 1 FROM yangguang_waitingoffer AS o WHERE o.admission_id = a.id)
)
"""
_COUNTS = f"""
WITH {_OWN_PROGRAMMES.strip()}, {_CHOSE.strip()}, seats AS (
    SELECT count(DISTINCT k.programme_id) AS programmes, {ALL_SEATS} AS seats, {ALL_FREE} AS free,
           {DEDICATED_SEATS} AS dedicated
    FROM yangguang_quota AS k JOIN own ON own.id = k.programme_id
), admitted AS (
    SELECT count(*) FILTER (WHERE a.state = 'OFFERED') AS offered,
           count(*) FILTER (WHERE a.state IN {render_states(admission_states.EXPECTED)}) AS expected,
           count(*) FILTER (WHERE a.state = 'CHECKED_IN') AS checked_in,
           count(*) FILTER (WHERE a.state = 'ABSENT') AS absent
    FROM yangguang_admission AS a JOIN own ON own.id = a.programme_id
), records AS (
    SELECT count(*) FILTER (WHERE r.state = 'CREATED') AS to_complete,
           count(*) FILTER (WHERE r.state = 'COMPLETED') AS to_confirm,
           count(*) FILTER (WHERE r.state = 'DISPUTED') AS disputed
    FROM yangguang_studentrecord AS r JOIN yangguang_admission AS a ON a.id = r.admission_id
    JOIN own ON own.id = a.programme_id
)
SELECT seats.*, (SELECT count(DISTINCT application_id) FROM chose) AS applicants, admitted.*, records.*
FROM seats, admitted, records
"""


def count_school(school: Unit, season: Season) -> Row:
    """The numbers of the school's front page (`_COUNTS`); one query. All but the first four are persons."""
    return fetch_row(_COUNTS, {"school": school.pk, "season": season.pk})


_OUTCOME = """
CASE WHEN a.id IS NOT NULL THEN 'admitted' WHEN c.code = 'higher_choice_admitted' THEN 'elsewhere' ELSE 'missed' END
"""
_LIST = f"""
WITH {_OWN_PROGRAMMES.strip()}, {_CHOSE.strip()}
SELECT p.number, n.name, n.sex, p.origin, p.junior_school AS school, nullif(c.rank, 0) AS rank, own.major,
       own.code AS programme, r.name AS round, r.number AS round_number, {_OUTCOME.strip()} AS outcome,
       coalesce(a.state, c.code) AS state, '' AS label,
       CASE WHEN a.state IN {render_states(admission_states.LIVE)} THEN t.phone END AS phone
FROM chose AS c
JOIN own ON own.id = c.programme
JOIN yangguang_round AS r ON r.id = c.round_id
JOIN yangguang_application AS p ON p.id = c.application_id
JOIN yangguang_person AS n ON n.id = p.person_id
JOIN yangguang_account AS t ON t.id = n.account_id
LEFT JOIN yangguang_admission AS a
    ON a.application_id = c.application_id AND a.round_id = c.round_id AND a.programme_id = c.programme
WHERE (%(number)s = '' OR p.number = %(number)s) AND (%(round)s = 0 OR r.number = %(round)s)
  AND (%(programme)s = '' OR own.code = %(programme)s) AND (%(outcome)s = '' OR {_OUTCOME.strip()} = %(outcome)s)
  AND (p.number, r.number, own.code) > (%(after_number)s, %(after_round)s, %(after_programme)s)
ORDER BY p.number, r.number, own.code LIMIT %(limit)s
"""


def list_applicants(
    school: Unit, season: Season, filters: Mapping[str, object], *, after: list[object] | None = None, limit: int = 51
) -> list[Row]:
    """Applicants who chose a programme of the school in a published run, or were admitted without a run; one query.

    Args:
        filters: 报名号 `number`, code of the `programme`, `outcome` (admitted, elsewhere or missed; "" for any), and
            number of the `round` (0 for any).
        after: [报名号, number of the round, code of the programme] of the last row seen.
    Returns:
        the columns of `_LIST`; `phone` is masked when displayed, and None unless the person has a seat here.
    """
    number, round, programme = after or ["", -1, ""]
    params = {
        "school": school.pk,
        "season": season.pk,
        **filters,
        "after_number": str(number),
        "after_round": round if isinstance(round, int) else -1,
        "after_programme": str(programme),
        "limit": limit,
    }
    return [_label_applicant(row) for row in fetch_all(_LIST, params)]


def _label_applicant(row: Row) -> Row:
    is_admitted = row.outcome == "admitted"
    label = TRANSITIONS.states[row.state] if is_admitted else ReasonCode(row.state.partition(":")[0]).label
    phone = None if row.phone is None else Sealed(bytes(row.phone), "yangguang_account.phone", mask_phone)
    labelled: Row = row._replace(origin=Origin(row.origin).label, label=label, phone=phone)
    return labelled


_CUTOFFS = f"""
WITH {_OWN_PROGRAMMES.strip()}
SELECT r.name AS round, r.number AS round_number, own.code AS programme, own.major, b.name AS quota, c.seats,
       c.applicants, c.admitted, c.last_place, c.last_score[1] AS last_score,
       (SELECT count(*) FROM yangguang_admission AS a WHERE a.quota_id = b.id AND a.round_id = r.id
        AND a.state IN {render_states(admission_states.LIVE)}) AS admitted_now,
       coalesce(run.report -> 'held_back', '[]') ? own.code AS held_back
FROM yangguang_admissionrun AS run
JOIN yangguang_round AS r ON r.id = run.round_id AND r.season_id = %(season)s
JOIN yangguang_cutoff AS c ON c.run_id = run.id
JOIN own ON own.id = c.programme_id
JOIN yangguang_quota AS b ON b.id = c.quota_id
WHERE run.state = 'PUBLISHED' ORDER BY r.number, own.code, b.priority
"""


def list_cutoffs(school: Unit, season: Season) -> list[Row]:
    """The cutoffs of the school's programmes in the published runs of a season (`_CUTOFFS`); one query.

    `admitted_now` counts those who still have their seat.
    """
    return fetch_all(_CUTOFFS, {"school": school.pk, "season": season.pk})
