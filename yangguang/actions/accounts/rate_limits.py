"""Rate limits: how often one phone, browser, address or account may do one thing, across all processes. (T2.08)"""

from collections.abc import Mapping
from datetime import timedelta

from yangguang.models.base.fields import blind
from yangguang.postgres.sql import fetch_all
from yangguang.queries.seasons.policy_rules import missing_rule
from yangguang.rules.base.refusals import RateLimited
from yangguang.rules.seasons.policy_keys import PolicyKey

# For use inside a larger statement, with the parameters of `bind_limits`; `over` holds the limits that are exceeded,
# and those whose rule row is missing.
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
    SELECT attempt.key, rule.most IS NULL AS is_missing FROM attempt JOIN spent USING (mark)
    CROSS JOIN LATERAL (SELECT rule_number(attempt.at, attempt.key) AS most) AS rule
    WHERE rule.most IS NULL OR spent.used > rule.most
)
"""


Limits = Mapping[PolicyKey[int], str]


def count_attempt(limits: Limits, span: timedelta, refusal: RateLimited) -> None:
    """Count one attempt against every limit; one statement.

    Args:
        limits, span: see `bind_limits`.
        refusal: what is raised when a limit is exceeded; the caller's transaction is then rolled back.
    Raises:
        RateLimited: `refusal`.
        Refused: the rule row of a limit is missing.
    """
    over = fetch_all(f"WITH {RATE_LIMITS} SELECT key, is_missing FROM over", bind_limits(limits, span))
    if missing := [row.key for row in over if row.is_missing]:
        raise missing_rule(*missing)
    if over:
        raise refusal


def bind_limits(limits: Limits, span: timedelta) -> dict[str, object]:
    """The parameters of `RATE_LIMITS`.

    Args:
        limits: by the key of the rule with the limit, what is counted; an unknown one ("") is not counted.
        span: how long a window lasts from its first attempt.
    """
    known = {key.name: blind(f"{key.name}:{counted}") for key, counted in limits.items() if counted}
    return {"keys": list(known), "marks": list(known.values()), "span": span}
