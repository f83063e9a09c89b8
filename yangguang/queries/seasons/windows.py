"""Whether something may be done now: the database's clock against the window and the person's exception."""

from datetime import datetime

from yangguang.models import Round, Season
from yangguang.queries.rows import fetch_one
from yangguang.rules.seasons.rounds import WindowKind
from yangguang.rules.seasons.windows import check_open

# One statement, so that the instant and the window are of the same snapshot. A round without a window of its
# own stands under its season's.
_STANDING = """
SELECT yg_now(), w.opens_at, greatest(w.closes_at, e.until)
FROM (SELECT 1) AS one
LEFT JOIN LATERAL (
    SELECT id, opens_at, closes_at FROM yangguang_window
    WHERE kind = %s AND season_id = %s AND (round_id = %s OR round_id IS NULL)
    ORDER BY round_id NULLS LAST LIMIT 1
) AS w ON true
LEFT JOIN LATERAL (
    SELECT max(until) AS until FROM yangguang_windowexception
    WHERE window_id = w.id AND person_id = ANY(%s)
) AS e ON true
"""


def require_open(kind: WindowKind, during: Season | Round, people: tuple[int, ...] = ()) -> datetime:
    """The database's instant, if the window of `kind` is open for these persons.

    Raises:
        WindowClosed: naming both exact instants, or that they are 待定.
    """
    season, round_id = (during.season_id, during.pk) if isinstance(during, Round) else (during.pk, None)
    row = fetch_one(_STANDING, (kind.value, season, round_id, people))
    assert row is not None
    at: datetime = row[0]
    check_open(kind.label, row[1], row[2], at)
    return at
