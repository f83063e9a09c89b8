"""A school's numbers and its applicants: of published runs only, its own only. (R6.08, F-C3, F-C5)"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yangguang.models import Season, Unit
from yangguang.models.base.fields import Sealed
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.rules.admissions import admission_states
from yangguang.rules.admissions.admission_states import TRANSITIONS
from yangguang.rules.applicants.origins import Origin
from yangguang.rules.base.names import mask_phone
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.runs.matching_types import ReasonCode


@dataclass(frozen=True, slots=True)
class SchoolToday:
    """One school's season in numbers; persons, but for `programmes`."""

    programmes: int
    seats: int
    free: int
    applicants: int
    offered: int
    expected: int
    checked_in: int
    absent: int
    to_complete: int
    to_confirm: int
    disputed: int

    @property
    def plan_note(self) -> str:
        return f"{self.programmes} 个计划行"

    @property
    def offered_note(self) -> str:
        return f"其中 {self.offered} 人还没有应答"


_MINE = """
mine AS (
    SELECT l.id, l.code, l.major FROM yangguang_programme AS l JOIN yangguang_plan AS p ON p.id = l.plan_id
    WHERE p.school_id = %(school)s AND p.season_id = %(season)s
)
"""
# A programme held back by the verifier has no published result yet, so nobody of it is shown.
_CHOSE = """
chose AS (
    SELECT s.application_id, run.round_id, w.nth::int AS rank, w.programme, s.codes[w.nth] AS code
    FROM yangguang_admissionrun AS run
    JOIN yangguang_round AS r ON r.id = run.round_id AND r.season_id = %(season)s
    JOIN yangguang_placement AS s ON s.run_id = run.id AND s.programmes && (SELECT array_agg(id) FROM mine)
    CROSS JOIN LATERAL unnest(s.programmes) WITH ORDINALITY AS w(programme, nth)
    JOIN mine ON mine.id = w.programme
    WHERE run.state = 'PUBLISHED' AND NOT coalesce(run.report -> 'held_back', '[]') ? mine.code
    UNION ALL
    SELECT a.application_id, a.round_id, coalesce(a.rank, 0), a.programme_id, 'admitted'
    FROM yangguang_admission AS a JOIN mine ON mine.id = a.programme_id
    -- Whoever came from a waiting list stands in the list by the choice already.
    WHERE a.run_id IS NULL AND NOT EXISTS (SELECT 1 FROM yangguang_waitingoffer AS o WHERE o.admission_id = a.id)
)
"""
_TODAY = f"""
WITH {_MINE.strip()}, {_CHOSE.strip()}, seats AS (
    SELECT count(DISTINCT b.programme_id) AS programmes, coalesce(sum(b.seats), 0)::int AS seats,
           coalesce(sum(b.seats - b.taken), 0)::int AS free
    FROM yangguang_quota AS b JOIN mine ON mine.id = b.programme_id
), held AS (
    SELECT count(*) FILTER (WHERE a.state = 'OFFERED') AS offered,
           count(*) FILTER (WHERE a.state IN {render_states(admission_states.EXPECTED)}) AS expected,
           count(*) FILTER (WHERE a.state = 'CHECKED_IN') AS checked_in,
           count(*) FILTER (WHERE a.state = 'ABSENT') AS absent
    FROM yangguang_admission AS a JOIN mine ON mine.id = a.programme_id
), kept AS (
    SELECT count(*) FILTER (WHERE r.state = 'MADE') AS made, count(*) FILTER (WHERE r.state = 'COMPLETED') AS asked,
           count(*) FILTER (WHERE r.state = 'DISPUTED') AS disputed
    FROM yangguang_studentrecord AS r JOIN yangguang_admission AS a ON a.id = r.admission_id
    JOIN mine ON mine.id = a.programme_id
)
SELECT seats.*, (SELECT count(DISTINCT application_id) FROM chose), held.*, kept.* FROM seats, held, kept
"""


def today(school: Unit, season: Season) -> SchoolToday:
    """Everything the school's front page counts; one query."""
    row = fetch_one(_TODAY, {"school": school.pk, "season": season.pk})
    assert row is not None
    return SchoolToday(*row)


@dataclass(frozen=True, slots=True)
class ApplicantFilter:
    """What the list is asked for; "" (0 for the round) leaves a filter out.

    Args:
        number: 报名号. programme: code of a programme. outcome: "admitted" | "elsewhere" | "missed".
    """

    number: str = ""
    round: int = 0
    programme: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class ApplicantRow:
    """One choice of one person for this school.

    Args:
        outcome: as in the filter. state, says: of the admission, else the reason code; in words.
        phone: masked; there only while the person holds a seat here.
    """

    number: str
    name: str
    sex: str
    origin: str
    school: str
    rank: int | None
    major: str
    programme: str
    round: str
    round_number: int
    outcome: str
    state: str
    says: str
    phone: Sealed | None


_OUTCOME = """
CASE WHEN a.id IS NOT NULL THEN 'admitted' WHEN c.code = 'higher_choice_admitted' THEN 'elsewhere' ELSE 'missed' END
"""
_LIST = f"""
WITH {_MINE.strip()}, {_CHOSE.strip()}
SELECT p.number, n.name, n.sex, p.origin, p.junior_school, nullif(c.rank, 0), mine.major, mine.code, r.name,
       r.number, {_OUTCOME}, coalesce(a.state, c.code),
       CASE WHEN a.state IN {render_states(admission_states.LIVE)} THEN t.phone END
FROM chose AS c
JOIN mine ON mine.id = c.programme
JOIN yangguang_round AS r ON r.id = c.round_id
JOIN yangguang_application AS p ON p.id = c.application_id
JOIN yangguang_person AS n ON n.id = p.person_id
JOIN yangguang_account AS t ON t.id = n.account_id
LEFT JOIN yangguang_admission AS a
    ON a.application_id = c.application_id AND a.round_id = c.round_id AND a.programme_id = c.programme
WHERE (%(number)s = '' OR p.number = %(number)s) AND (%(round)s = 0 OR r.number = %(round)s)
  AND (%(programme)s = '' OR mine.code = %(programme)s) AND (%(outcome)s = '' OR {_OUTCOME.strip()} = %(outcome)s)
  AND (p.number, r.number, mine.code) > (%(after_number)s, %(after_round)s, %(after_programme)s)
ORDER BY p.number, r.number, mine.code LIMIT %(limit)s
"""


def applicants(
    school: Unit, season: Season, asked: ApplicantFilter, *, after: list[Any] | None = None, limit: int = 51
) -> list[ApplicantRow]:
    """Who named a programme of the school in a published run, or was admitted without one; one query.

    Args:
        after: [报名号, number of the round, code of the programme] of the last row seen.
    """
    number, round, programme = after or ["", -1, ""]
    rows = fetch_all(
        _LIST,
        {
            "school": school.pk, "season": season.pk, "number": asked.number, "round": asked.round,
            "programme": asked.programme, "outcome": asked.outcome, "after_number": str(number), "limit": limit,
            "after_round": round if isinstance(round, int) else -1, "after_programme": str(programme),
        },
    )  # fmt: skip
    return [_applicant(row) for row in rows]


def _applicant(row: tuple[Any, ...]) -> ApplicantRow:
    outcome, state, phone = row[-3:]
    says = TRANSITIONS.states[state] if outcome == "admitted" else ReasonCode(state.partition(":")[0]).label
    sealed = None if phone is None else Sealed(bytes(phone), "yangguang_account.phone", mask_phone)
    facts: list[Any] = [*row[:3], Origin(row[3]).label, *row[4:-1], says, sealed]
    return ApplicantRow(*facts)


@dataclass(frozen=True, slots=True)
class ProgrammeCut:
    """Where one kind of seats of one programme was cut in a published run; `admitted_now` still hold their seat."""

    round: str
    round_number: int
    programme: str
    major: str
    quota: str
    seats: int
    applicants: int
    admitted: int
    last_place: int | None
    last_score: int | None
    admitted_now: int
    held_back: bool


_CUTS = f"""
WITH {_MINE.strip()}
SELECT r.name, r.number, mine.code, mine.major, b.name, c.seats, c.applicants, c.admitted, c.last_place,
       c.last_score[1],
       (SELECT count(*) FROM yangguang_admission AS a WHERE a.quota_id = b.id AND a.round_id = r.id
        AND a.state IN {render_states(admission_states.LIVE)}),
       coalesce(run.report -> 'held_back', '[]') ? mine.code
FROM yangguang_admissionrun AS run
JOIN yangguang_round AS r ON r.id = run.round_id AND r.season_id = %(season)s
JOIN yangguang_cutoff AS c ON c.run_id = run.id
JOIN mine ON mine.id = c.programme_id
JOIN yangguang_quota AS b ON b.id = c.quota_id
WHERE run.state = 'PUBLISHED' ORDER BY r.number, mine.code, b.priority
"""


def cuts(school: Unit, season: Season) -> list[ProgrammeCut]:
    """Every cut of the school's programmes in the published runs of a season; one query."""
    return [ProgrammeCut(*row) for row in fetch_all(_CUTS, {"school": school.pk, "season": season.pk})]


@dataclass(frozen=True, slots=True)
class Door:
    """A round's check-in at one school: its window, how many are expected, came and stayed away."""

    round: str
    opens_at: datetime | None
    closes_at: datetime | None
    expected: int
    checked_in: int
    absent: int


_DOORS = f"""
SELECT r.name, w.opens_at, w.closes_at,
       count(*) FILTER (WHERE a.state IN {render_states(admission_states.EXPECTED)}),
       count(*) FILTER (WHERE a.state = 'CHECKED_IN'), count(*) FILTER (WHERE a.state = 'ABSENT')
FROM yangguang_admission AS a
JOIN yangguang_round AS r ON r.id = a.round_id AND r.season_id = %s
LEFT JOIN effective_window(r.season_id, r.id, 'check_in') AS w ON true
WHERE a.school_id = %s GROUP BY r.number, r.name, w.opens_at, w.closes_at ORDER BY r.number
"""


def doors(school: Unit, season: Season) -> list[Door]:
    """Check-in by round, in order; one query."""
    return [Door(*row) for row in fetch_all(_DOORS, (season.pk, school.pk))]
