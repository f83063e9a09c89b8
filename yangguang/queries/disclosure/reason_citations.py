"""The rule row behind each reason, as it was in force when the result was published. (R2.07, F-N8)"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from yangguang.postgres.sql import fetch_all
from yangguang.queries.seasons.policy_rules import Rule
from yangguang.rules.runs.matching_types import Reason
from yangguang.rules.runs.reason_rules import KEYS, ground_of

Rules = Mapping[tuple[str, str], Rule]
"""Rule rows by key and scope note."""

_IN_FORCE = """
SELECT t.at, r.key, r.scope_note, r.source, r.clause, r.is_demo, r.says
FROM unnest(%s::timestamptz[]) AS t(at), rule_in_force(t.at, %s) AS r ORDER BY t.at, r.key, r.scope_note
"""


def rules_cited(instants: Iterable[datetime]) -> dict[datetime, dict[tuple[str, str], Rule]]:
    """The rows that reasons may cite, by the instant they were in force at; one query.

    A row that is missing is no refusal here: the reason stands, and is then said without a clause.
    """
    asked = sorted(set(instants))
    found: dict[datetime, dict[tuple[str, str], Rule]] = {at: {} for at in asked}
    for at, key, scope, source, clause, demo, says in fetch_all(_IN_FORCE, (asked, list(KEYS))):
        cited = f"{source} {clause}".strip() + ("（演示）" if demo else "")
        found[at][key, scope] = Rule(None, says, cited)
    return found


def cite(reason: Reason, rules: Rules, places: Iterable[str]) -> str:
    """The rule that decided, in words, with its clause and source.

    Args:
        rules: in force then.
        places: what the programme belongs to (its 学制, its city): a row for another place is not cited.
    """
    ground = ground_of(reason)
    within = {*places} - {""}
    fitting = {scope: rule for (key, scope), rule in rules.items() if key == ground.key}
    rule = next((rule for scope, rule in fitting.items() if within & {*scope.split("、")}), fitting.get(""))
    return ground.plain if rule is None else f"{ground.lead}“{rule.says}”，{rule.cited}"
