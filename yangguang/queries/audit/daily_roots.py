"""The days of the log: those without a published root, and where the chains ended on each. (T1.04, F-I2)"""

from datetime import date, datetime, timedelta

from yangguang.postgres.sql import fetch_all
from yangguang.rules.seasons.windows import SHANGHAI, until

ROOT_DUE = timedelta(hours=2)
"""The root of a day is published by 02:00 of the next; until then nothing is missing."""

_WITHOUT_ROOT = """
SELECT d.day::date AS day
FROM generate_series(
    (SELECT (min(at) AT TIME ZONE 'Asia/Shanghai')::date FROM yangguang_auditentry), %s::date, interval '1 day'
) AS d(day)
LEFT JOIN yangguang_auditroot AS r ON r.day = d.day::date
WHERE r.day IS NULL ORDER BY 1
"""
# The prefix of each chain up to its last entry before the instant; an entry written a moment late stays inside it.
_ENDS = """
SELECT coalesce(e.position, 0) AS length, e.link
FROM yangguang_auditchainhead AS h
LEFT JOIN LATERAL (
    SELECT position, link FROM yangguang_auditentry
    WHERE shard = h.shard AND at < %s ORDER BY position DESC LIMIT 1
) AS e ON true
ORDER BY h.shard
"""


def list_days_without_root(last: date) -> list[date]:
    """The days from the log's first entry to `last`, both included, that have no root; one query."""
    return [row.day for row in fetch_all(_WITHOUT_ROOT, (last,))]


def last_day_ended(at: datetime) -> date:
    """The last whole day in Beijing before `at`."""
    return at.astimezone(SHANGHAI).date() - timedelta(days=1)


def last_day_due(at: datetime) -> date:
    """The last day whose root must be there at `at`."""
    return last_day_ended(at - ROOT_DUE)


def read_chain_ends(day: date) -> list[tuple[int, bytes]]:
    """Length and last link of each chain when `day` ended in Beijing, b"" for an empty one; one query."""
    return [(row.length, bytes(row.link or b"")) for row in fetch_all(_ENDS, (until(day),))]
