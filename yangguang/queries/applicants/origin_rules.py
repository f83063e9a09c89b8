"""What each origin may choose, from the rule rows of an intake year. (S23-1.05, S24-2.03, R7.02)"""

from datetime import datetime

from yangguang.queries.seasons.policy_rules import RulesInForce, rules_of_year
from yangguang.rules.applicants.origins import Origin, OriginRule, OriginRules
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.policy_scope import Axis

KEYS = (policy_keys.ORIGIN_TYPES, policy_keys.ORIGIN_FORMS)


def origin_rules_of(year: int, at: datetime) -> OriginRules:
    """The rule of every origin for an intake year; one query.

    Args:
        at: when the terms were laid down: of a round, when it was opened; of a plan, now.

    Raises:
        Refused: a rule row is missing.
    """
    return build_origin_rules(rules_of_year(year, at, *KEYS))


def build_origin_rules(rules: RulesInForce) -> OriginRules:
    """The rule of every origin out of rows of `KEYS`.

    Raises:
        Refused: a rule row is missing.
    """
    return {origin: build_origin_rule(origin, rules) for origin in Origin}


def build_origin_rule(origin: Origin, rules: RulesInForce) -> OriginRule:
    """The rule of one origin out of rows of `KEYS`.

    Raises:
        Refused: a rule row is missing.
    """
    case = {Axis.ORIGIN: [origin.label]}
    types, forms = rules.get(policy_keys.ORIGIN_TYPES, case), rules.get(policy_keys.ORIGIN_FORMS, case)
    citation = "；".join(dict.fromkeys((types.citation, forms.citation)))
    return OriginRule(origin, frozenset(types.value), frozenset(forms.value), citation)
