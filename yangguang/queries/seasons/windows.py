"""Whether a window is open now, by the database's clock and with the person's exception."""

from datetime import datetime

from yangguang.models import Round, Season
from yangguang.postgres.sql import fetch_one
from yangguang.queries.seasons.policy_rules import rule_at
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.deadlines import answer_deadline
from yangguang.rules.seasons.windows import WindowKind, check_open

# One statement, so that the instant and the window are of the same snapshot.
_NOW_AND_WINDOW = """
SELECT yg_now() AS at, w.opens_at, w.closes_at
FROM (SELECT 1) AS one LEFT JOIN effective_window(%s, %s, %s, %s) AS w ON true
"""
_SPAN = "SELECT opens_at, closes_at FROM effective_window(%s, %s, %s)"


def effective_span(kind: WindowKind, round: Round) -> tuple[datetime | None, datetime | None] | None:
    """Opening and closing of the round's own window, else of its season's; None when there is none."""
    row = fetch_one(_SPAN, (round.season_id, round.pk, kind.value))
    return None if row is None else (row.opens_at, row.closes_at)


def require_open(kind: WindowKind, during: Season | Round, people: tuple[int, ...] = ()) -> datetime:
    """Raise WindowClosed unless the window of `kind` is open for these persons (row ids); returns the present instant.

    Raises:
        WindowClosed: its sentence names both instants, or that they are 待定.
    """
    season, round_id = (during.season_id, during.pk) if isinstance(during, Round) else (during.pk, None)
    row = fetch_one(_NOW_AND_WINDOW, (season, round_id, kind.value, list(people)))
    assert row is not None
    at: datetime = row.at
    check_open(kind.label, row.opens_at, row.closes_at, at)
    return at


def find_answer_deadline(round: Round, at: datetime) -> datetime | None:
    """Until when an offer published at `at` must be answered; None while the round's end is 待定."""
    window = effective_span(WindowKind.ANSWER, round)
    if window is None or window[1] is None:
        return None
    return answer_deadline(at, window[1], rule_at(at, policy_keys.BUFFER_DAYS).value)
