"""The rule row behind each reason, as it was in force when the result was published. (R2.07, F-N8)"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from yangguang.postgres.sql import fetch_all
from yangguang.queries.seasons.policy_rules import Rule
from yangguang.rules.runs.matching_types import Reason
from yangguang.rules.runs.reason_rules import KEYS, find_reason_rule

Rules = Mapping[tuple[str, str], Rule]
"""Rule rows by key and scope note."""

_IN_FORCE = """
SELECT t.at, r.key, r.scope_note, r.source, r.clause, r.is_demo, r.description
FROM unnest(%s::timestamptz[]) AS t(at), rule_in_force(t.at, %s) AS r ORDER BY t.at, r.key, r.scope_note
"""


def load_reason_rules(instants: Iterable[datetime]) -> dict[datetime, Rules]:
    """The rows that reasons may cite, by the instant they were in force at; one query.

    A missing row does not refuse anything: the reason is then given without a clause.
    """
    rules: dict[datetime, dict[tuple[str, str], Rule]] = {at: {} for at in sorted(set(instants))}
    for row in fetch_all(_IN_FORCE, (list(rules), list(KEYS))):
        source = f"{row.source} {row.clause}".strip() + ("（演示）" if row.is_demo else "")
        rules[row.at][row.key, row.scope_note] = Rule(None, row.description, source)
    return {**rules}


def cite_rule(reason: Reason, rules: Rules, places: Iterable[str]) -> str:
    """The rule that decided, in words, with its clause and source.

    Args:
        rules: in force then.
        places: what the programme belongs to (its 学制, its city): a row for another place is not cited.
    """
    reason_rule = find_reason_rule(reason)
    within = {*places} - {""}
    rows = {scope: rule for (key, scope), rule in rules.items() if key == reason_rule.key}
    rule = next((rule for scope, rule in rows.items() if within & {*scope.split("、")}), rows.get(""))
    return reason_rule.plain if rule is None else f"{reason_rule.lead}“{rule.sentence}”，{rule.cited}"
