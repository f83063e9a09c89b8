"""The rule row behind each reason, as it was in force when it decided. (R2.07, F-N8)"""

from collections.abc import Iterable
from datetime import datetime

from yangguang.queries.seasons.policy_rules import RulesInForce, rules_at_instants
from yangguang.rules.runs.matching_types import Reason
from yangguang.rules.runs.reason_rules import KEYS, find_reason_rule
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.policy_scope import Facts


def load_reason_rules(instants: Iterable[datetime]) -> dict[datetime, RulesInForce]:
    """The rows that reasons may cite, by the instant they were in force at; one query."""
    return rules_at_instants(sorted(set(instants)), *KEYS)


def cite_rule(reason: Reason, at_opening: RulesInForce, at_publication: RulesInForce, facts: Facts) -> str:
    """The rule that decided, in words, with its clause and source.

    A missing row does not refuse anything: the reason is then given without a clause.

    Args:
        at_opening: in force when the round took its terms; the order of comparison is one of them.
        at_publication: in force when the result was published.
        facts: the kind of round, the programme's type and the areas of its school.
    """
    decided = find_reason_rule(reason)
    rules = at_opening if decided.key is policy_keys.TIE_ORDER else at_publication
    rule = rules.find(decided.key, facts) if decided.key else None
    if rule is None or decided.value not in (None, rule.value):
        return decided.plain
    return f"“{rule.sentence}”，{rule.citation}"
