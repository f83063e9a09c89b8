"""The outcome of a season: how many reached each step, by programme type, and a hash that a seed reproduces."""

from django.db.models import Count

from yangguang.gateways.ciphers import sm3
from yangguang.models import Admission
from yangguang.postgres.sql import fetch_all
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.records import record_states

# Direct enrolment and the exam board's list count as chosen, too, although there is no ordered list. (R9.01)
_STEPS = f"""
SELECT count(*) AS registered,
       count(*) FILTER (WHERE a.choices_version > 0 OR m.id IS NOT NULL) AS chosen,
       count(m.id) AS admitted,
       count(m.id) FILTER (WHERE m.answered_at IS NOT NULL) AS answered,
       count(m.id) FILTER (WHERE m.checked_in_at IS NOT NULL) AS checked_in,
       count(r.id) AS recorded,
       count(r.id) FILTER (WHERE r.state IN {render_states(record_states.CONFIRMED_OR_LATER)}) AS confirmed
FROM yangguang_application AS a
LEFT JOIN LATERAL (
    -- The latest admission of an application is the one that counts.
    SELECT * FROM yangguang_admission WHERE application_id = a.id ORDER BY published_at DESC, id DESC LIMIT 1
) AS m ON true
LEFT JOIN yangguang_studentrecord AS r ON r.admission_id = m.id AND r.state <> 'CANCELLED'
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


def count_steps() -> dict[str, int]:
    """How many applications of all seasons reached each step."""
    (counts,) = fetch_all(_STEPS)
    return counts._asdict()


def count_programme_types() -> dict[str, int]:
    """Persons checked in, by programme type."""
    checked_in = Admission.objects.filter(state="CHECKED_IN").values_list("programme__programme_type")
    return dict(checked_in.annotate(Count("pk")).order_by("programme__programme_type"))


def hash_outcome() -> str:
    """SM3 over every application's outcome, in order of 报名号."""
    return sm3("\n".join("\t".join(map(str, row)) for row in fetch_all(_OUTCOME)).encode()).hex()
