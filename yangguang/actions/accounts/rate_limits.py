"""Rate limits: how often one phone, browser, address or account may do one thing, across all processes. (T2.08)"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from yangguang import clock
from yangguang.models.base.fields import blind
from yangguang.postgres.sql import fetch_all
from yangguang.queries.seasons.policy_rules import format_rule, missing_rule
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
            FROM (
                SELECT a.began_at BETWEEN excluded.began_at - rule_number(yg_now(), %(span)s) * %(unit)s
                                  AND excluded.began_at AS fresh
            ) AS w
        )
    RETURNING mark, used
),
over AS (
    SELECT CASE WHEN rule.span IS NULL THEN %(span)s ELSE attempt.key END AS key,
           rule.most IS NULL OR rule.span IS NULL AS is_missing
    FROM attempt JOIN spent USING (mark)
    CROSS JOIN LATERAL (
        SELECT rule_number(attempt.at, attempt.key) AS most, rule_number(attempt.at, %(span)s) AS span
    ) AS rule
    WHERE rule.most IS NULL OR rule.span IS NULL OR spent.used > rule.most
)
"""


_UNITS = {"分钟": timedelta(minutes=1), "小时": timedelta(hours=1)}
Limits = Mapping[PolicyKey[int], str]


def count_attempt(limits: Limits, span: PolicyKey[int], build_refusal: Callable[[str], RateLimited]) -> None:
    """Count one attempt against every limit; one statement.

    Args:
        limits, span: see `bind_limits`.
        build_refusal: gives what is raised when a limit is exceeded, from the span in words ("10分钟"); the caller's
            transaction is then rolled back.
    Raises:
        RateLimited: what `build_refusal` gives.
        Refused: the rule row of a limit is missing.
    """
    over = fetch_all(f"WITH {RATE_LIMITS} SELECT key, is_missing FROM over", bind_limits(limits, span))
    if missing := [row.key for row in over if row.is_missing]:
        raise missing_rule(*missing)
    if over:
        raise build_refusal(format_rule(span, clock.now()))


def bind_limits(limits: Limits, span: PolicyKey[int]) -> dict[str, object]:
    """The parameters of `RATE_LIMITS`.

    Args:
        limits: by the key of the rule with the limit, what is counted; an unknown one ("") is not counted.
        span: the key of the rule how long attempts are counted from the first one, in minutes or hours.
    """
    known = {key.name: blind(f"{key.name}:{counted}") for key, counted in limits.items() if counted}
    return {"keys": list(known), "marks": list(known.values()), "span": span.name, "unit": _UNITS[span.unit]}
