"""Rate limits: how often one phone, browser, address or account may do one thing, across all processes. (T2.08)"""

from collections.abc import Mapping
from datetime import timedelta

from yangguang.models.base.fields import blind
from yangguang.postgres.sql import fetch_all
from yangguang.rules.base.refusals import Refused

# For use inside a larger statement, with the parameters of `bind_limits`; `over` holds the limits that are exceeded.
# A window that began ahead of the clock comes from a practice season and begins again. The marks are locked in one
# order, so that two requests of one family do not wait for each other crosswise.
RATE_LIMITS = """
attempt AS (SELECT key, mark, yg_now() AS at FROM unnest(%(keys)s::text[], %(marks)s::bytea[]) AS a(key, mark)),
spent AS (
    INSERT INTO yangguang_allowance AS a (mark, began_at, used)
    SELECT mark, at, 1 FROM attempt ORDER BY mark
    ON CONFLICT (mark) DO UPDATE SET
        (used, began_at) = (
            SELECT CASE WHEN fresh THEN a.used + 1 ELSE 1 END,
                   CASE WHEN fresh THEN a.began_at ELSE excluded.began_at END
            FROM (SELECT a.began_at BETWEEN excluded.began_at - %(span)s AND excluded.began_at AS fresh) AS w
        )
    RETURNING mark, used
),
over AS (
    SELECT attempt.key FROM attempt JOIN spent USING (mark)
    CROSS JOIN LATERAL (
        SELECT (value #>> '{}')::int AS most FROM rule_in_force(attempt.at, ARRAY[attempt.key])
        ORDER BY valid_from DESC LIMIT 1
    ) AS rule
    WHERE spent.used > rule.most
)
"""


class RateLimited(Refused):
    """A limit was exceeded."""

    status = 429
    code = "too_often"


def count_attempt(limits: Mapping[str, str], span: timedelta, refusal: RateLimited) -> None:
    """Count one attempt against every limit; one statement.

    Args:
        limits, span: see `bind_limits`.
        refusal: what is raised when a limit is exceeded; the caller's transaction is then rolled back.
    Raises:
        RateLimited: `refusal`.
    """
    if fetch_all(f"WITH {RATE_LIMITS} SELECT key FROM over", bind_limits(limits, span)):
        raise refusal


def bind_limits(limits: Mapping[str, str], span: timedelta) -> dict[str, object]:
    """The parameters of `RATE_LIMITS`.

    Args:
        limits: by the key of the policy row with the limit ("code.per_browser"), what is counted; an unknown
            one ("") is not counted. Without a row in force there is no limit.
        span: how long a window lasts from its first attempt.
    """
    known = {key: blind(f"{key}:{counted}") for key, counted in limits.items() if counted}
    return {"keys": list(known), "marks": list(known.values()), "span": span}
