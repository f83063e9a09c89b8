"""Shared budgets: how often one asker may do one thing, across all processes. (trust.md: SMS bombing)"""

from collections.abc import Mapping
from datetime import timedelta

from yangguang.models.fields import blind
from yangguang.queries.rows import fetch_all
from yangguang.rules.refusals import Refused

# A window that began ahead of the clock was left there by a rehearsal and begins again. The marks are taken in one
# order, so that two requests of one family do not wait for each other crosswise.
_SPEND = """
WITH asked AS (SELECT * FROM unnest(%(keys)s::text[], %(marks)s::bytea[]) AS a(key, mark)),
spent AS (
    INSERT INTO yangguang_allowance AS a (mark, began_at, used)
    SELECT mark, yg_now(), 1 FROM asked ORDER BY mark
    ON CONFLICT (mark) DO UPDATE SET
        used = CASE WHEN a.began_at BETWEEN yg_now() - %(span)s AND yg_now() THEN a.used + 1 ELSE 1 END,
        began_at = CASE WHEN a.began_at BETWEEN yg_now() - %(span)s AND yg_now() THEN a.began_at ELSE yg_now() END
    RETURNING mark, used
)
SELECT asked.key, spent.used, rule.most FROM asked JOIN spent USING (mark)
CROSS JOIN LATERAL (
    SELECT (value #>> '{}')::int AS most FROM yangguang_policyrule
    WHERE key = asked.key AND valid_from <= (yg_now() AT TIME ZONE 'Asia/Shanghai')::date
      AND (valid_to IS NULL OR valid_to >= (yg_now() AT TIME ZONE 'Asia/Shanghai')::date)
    ORDER BY valid_from DESC LIMIT 1
) AS rule
WHERE spent.used > rule.most ORDER BY asked.key
"""


class TooOften(Refused):
    """One asker used a budget up."""

    status = 429
    code = "too_often"


def spend(askers: Mapping[str, str], span: timedelta, refusal: TooOften) -> None:
    """Count one try of every asker; one statement.

    Args:
        askers: by the key of the policy row that says how often ("code.per_browser_hour"), whom to count; one
            that is "" is not known and not counted. Without a row in force nothing is held up.
        span: how long a window lasts from its first try.
        refusal: what is said when one of them is used up; the transaction is then given up by whoever raised it.
    Raises:
        TooOften: `refusal`.
    """
    known = {key: blind(f"{key}:{asker}") for key, asker in askers.items() if asker}
    bound = {"keys": list(known), "marks": list(known.values()), "span": span}
    if known and fetch_all(_SPEND, bound):
        raise refusal
