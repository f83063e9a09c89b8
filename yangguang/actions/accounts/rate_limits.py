"""Shared budgets: how often one asker may do one thing, across all processes. (T2.08)"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from yangguang.models.base.fields import blind
from yangguang.postgres.sql import fetch_all
from yangguang.rules.base.refusals import Refused

# For use inside a larger statement, where `keys`, `marks` and `span` are bound; `over` names what is used up.
# A window that began ahead of the clock was left there by a rehearsal and begins again. The marks are taken in one
# order, so that two requests of one family do not wait for each other crosswise.
RATE_LIMITS = """
asked AS (SELECT key, mark, yg_now() AS at FROM unnest(%(keys)s::text[], %(marks)s::bytea[]) AS a(key, mark)),
spent AS (
    INSERT INTO yangguang_allowance AS a (mark, began_at, used)
    SELECT mark, at, 1 FROM asked ORDER BY mark
    ON CONFLICT (mark) DO UPDATE SET
        (used, began_at) = (
            SELECT CASE WHEN fresh THEN a.used + 1 ELSE 1 END,
                   CASE WHEN fresh THEN a.began_at ELSE excluded.began_at END
            FROM (SELECT a.began_at BETWEEN excluded.began_at - %(span)s AND excluded.began_at AS fresh) AS w
        )
    RETURNING mark, used
),
over AS (
    SELECT asked.key FROM asked JOIN spent USING (mark)
    CROSS JOIN LATERAL (
        SELECT (value #>> '{}')::int AS most FROM rule_in_force(asked.at, ARRAY[asked.key])
        ORDER BY valid_from DESC LIMIT 1
    ) AS rule
    WHERE spent.used > rule.most
)
"""


class RateLimited(Refused):
    """One asker used a budget up."""

    status = 429
    code = "too_often"


def spend(askers: Mapping[str, str], span: timedelta, refusal: RateLimited) -> None:
    """Count one try of every asker; one statement.

    Args:
        askers, span: see `bound`.
        refusal: what is said when one of them is used up; the transaction is then given up by whoever raised it.
    Raises:
        RateLimited: `refusal`.
    """
    if fetch_all(f"WITH {RATE_LIMITS} SELECT key FROM over", bound(askers, span)):
        raise refusal


def bound(askers: Mapping[str, str], span: timedelta) -> dict[str, Any]:
    """What `RATE_LIMITS` needs.

    Args:
        askers: by the key of the policy row that says how often ("code.per_browser_hour"), whom to count; one
            that is "" is not known and not counted. Without a row in force nothing is held up.
        span: how long a window lasts from its first try.
    """
    known = {key: blind(f"{key}:{asker}") for key, asker in askers.items() if asker}
    return {"keys": list(known), "marks": list(known.values()), "span": span}
