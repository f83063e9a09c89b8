"""Phones that have been quiet so long that their number may belong to another person now. (T2.08)"""

from yangguang.postgres.sql import Row, fetch_one
from yangguang.queries.seasons.policy_rules import missing_rule
from yangguang.rules.seasons import policy_keys

MONTHS = f"rule_number(yg_now(), '{policy_keys.QUIET_MONTHS.name}')"
"""After how many months without a log-in a phone is asked for a fact first; check the row with `require_months`."""

QUIET = f"""
coalesce(a.last_login, a.recorded_at) < yg_now() - make_interval(months => {MONTHS})
    AND EXISTS (SELECT 1 FROM yangguang_person AS p WHERE p.account_id = a.id)
"""
"""Whether account `a` has persons and has not been used for so many months."""


def require_months(row: Row) -> None:
    """Raise Refused unless the rule row of `MONTHS`, read as `months` of the same statement, is there."""
    if row.months is None:
        raise missing_rule(policy_keys.QUIET_MONTHS.name)


def is_quiet(account: int) -> bool:
    """Whether this account (row id) must prove a fact of one of its persons before it shows anything."""
    query = f"SELECT {MONTHS} AS months, {QUIET} AS quiet FROM yangguang_account AS a WHERE a.id = %s"
    row = fetch_one(query, (account,))
    if row is None:
        return False
    require_months(row)
    return bool(row.quiet)
