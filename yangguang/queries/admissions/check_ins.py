"""Check-in windows, and check-in by round at one school. (F-C5)"""

from datetime import datetime

from yangguang.models import Round, Season, Unit
from yangguang.postgres.sql import Row, fetch_all
from yangguang.queries.seasons.windows import effective_span
from yangguang.rules.admissions.admission_states import EXPECTED
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.seasons.windows import WindowKind


def get_check_in_span(round: Round) -> tuple[datetime | None, datetime | None]:
    """The check-in window of a round, or of its season; (None, None) when there is none."""
    return effective_span(WindowKind.CHECK_IN, round) or (None, None)


_ROUNDS = f"""
SELECT r.name, w.opens_at, w.closes_at,
       count(*) FILTER (WHERE a.state IN {render_states(EXPECTED)}) AS expected,
       count(*) FILTER (WHERE a.state = 'CHECKED_IN') AS checked_in,
       count(*) FILTER (WHERE a.state = 'ABSENT') AS absent
FROM yangguang_admission AS a
JOIN yangguang_round AS r ON r.id = a.round_id AND r.season_id = %s
LEFT JOIN effective_window(r.season_id, r.id, 'check_in') AS w ON true
WHERE a.school_id = %s GROUP BY r.number, r.name, w.opens_at, w.closes_at ORDER BY r.number
"""


def count_check_ins(school: Unit, season: Season) -> list[Row]:
    """Check-in at one school by round, in order: the window, and persons by result (`_ROUNDS`); one query."""
    return fetch_all(_ROUNDS, (season.pk, school.pk))
