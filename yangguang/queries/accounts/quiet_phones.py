"""Phones that have been quiet so long that their number may belong to another person now. (T2.08)"""

from datetime import datetime

from yangguang.postgres.sql import fetch_one
from yangguang.queries.seasons.policy_rules import rule_at
from yangguang.rules.seasons import policy_keys

QUIET = """
coalesce(a.last_login, a.recorded_at) < yg_now() - make_interval(months => %(months)s)
    AND EXISTS (SELECT 1 FROM yangguang_person AS p WHERE p.account_id = a.id)
"""
"""Whether account `a` has persons and has not been used for so many months."""


def quiet_months(at: datetime) -> int:
    """After how many months without a log-in a phone is asked for a fact first."""
    return rule_at(at, policy_keys.QUIET_MONTHS).value


def is_quiet(account: int, at: datetime) -> bool:
    """Whether this account (row id) must prove a fact of one of its persons before it shows anything."""
    query = f"SELECT 1 AS quiet FROM yangguang_account AS a WHERE a.id = %(account)s AND {QUIET}"
    return fetch_one(query, {"account": account, "months": quiet_months(at)}) is not None
