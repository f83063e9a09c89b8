"""The outcome of a season: how many reached each stage, by programme type, and a hash that a seed reproduces."""

from yangguang.gateways.ciphers import sm3
from yangguang.postgres.sql import fetch_all
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.records import record_states

# Direct enrolment and the exam board's list count as chosen, too, although there is no ordered list. (R9.01)
_STAGES = f"""
SELECT count(*),
       count(*) FILTER (WHERE a.choices_version > 0 OR m.id IS NOT NULL),
       count(m.id),
       count(m.id) FILTER (WHERE m.answered_at IS NOT NULL),
       count(m.id) FILTER (WHERE m.checked_in_at IS NOT NULL),
       count(r.id),
       count(r.id) FILTER (WHERE r.state IN {render_states(record_states.CONFIRMED_OR_LATER)})
FROM yangguang_application AS a
LEFT JOIN LATERAL (
    -- The latest admission of an application is the one that counts.
    SELECT * FROM yangguang_admission WHERE application_id = a.id ORDER BY published_at DESC, id DESC LIMIT 1
) AS m ON true
LEFT JOIN yangguang_studentrecord AS r ON r.admission_id = m.id AND r.state <> 'CANCELLED'
"""
STAGES = ("registered", "chosen", "admitted", "answered", "checked_in", "recorded", "confirmed")

_PATTERNS = """
SELECT l.programme_type, count(*) FROM yangguang_admission AS m JOIN yangguang_programme AS l ON l.id = m.programme_id
WHERE m.state = 'CHECKED_IN' GROUP BY l.programme_type ORDER BY l.programme_type
"""

# Nothing here depends on row ids, instants or the order of acts.
_OUTCOME = """
SELECT a.number, a.state, coalesce(string_agg(
    concat_ws('/', o.number, l.code, m.rank, m.state, r.state), ','
    ORDER BY s.term, o.number, l.code, m.rank, m.state), '')
FROM yangguang_application AS a
LEFT JOIN yangguang_admission AS m ON m.application_id = a.id
LEFT JOIN yangguang_round AS o ON o.id = m.round_id
LEFT JOIN yangguang_season AS s ON s.id = o.season_id
LEFT JOIN yangguang_programme AS l ON l.id = m.programme_id
LEFT JOIN yangguang_studentrecord AS r ON r.admission_id = m.id
GROUP BY a.number, a.state ORDER BY a.number
"""


def count_stages() -> dict[str, int]:
    """How many applications of all seasons reached each stage."""
    return dict(zip(STAGES, fetch_all(_STAGES)[0], strict=True))


def count_programme_types() -> dict[str, int]:
    """Persons checked in by programme_type."""
    return dict(fetch_all(_PATTERNS))


def hash_outcome() -> str:
    """SM3 over every application's outcome, in order of 报名号."""
    rows = fetch_all(_OUTCOME)
    return sm3("\n".join("\t".join(map(str, row)) for row in rows).encode()).hex()
