"""The terms of a round that the rules decide: how many choices, in which order scores are compared, what silence means.
(S24-2.05, R3.02)
"""

from datetime import datetime
from typing import TypedDict

from yangguang.queries.seasons.policy_rules import rules_at
from yangguang.rules.runs.rounds import RANKING, RoundKind
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.policy_scope import Axis

_KEYS = (
    policy_keys.MAX_CHOICES,
    policy_keys.MAX_MAJORS_PER_SCHOOL,
    policy_keys.SILENCE,
    policy_keys.TIE_ORDER,
)
_DIRECT = frozenset({RoundKind.DIRECT, RoundKind.SUPPLEMENTARY_DIRECT})


class Terms(TypedDict):
    """Columns of `Round`. Imported results and transfers take no choices: 0 of them."""

    max_choices: int
    max_majors_per_school: int
    silence: str
    tie_order: list[str]


def read_terms(kind: RoundKind, at: datetime) -> Terms:
    """The terms of a round of this kind that is laid down or opened at `at`; one query.

    Raises:
        Refused: a rule row is missing.
    """
    rules = rules_at(at, *_KEYS)
    facts = {Axis.ROUND: [kind.label]}
    has_choices = kind in RANKING | _DIRECT
    return {
        "max_choices": rules.get(policy_keys.MAX_CHOICES, facts).value if has_choices else 0,
        "max_majors_per_school": rules.get(policy_keys.MAX_MAJORS_PER_SCHOOL, facts).value if has_choices else 0,
        "silence": rules.get(policy_keys.SILENCE, facts).value.value,
        "tie_order": [subject.value for subject in rules.get(policy_keys.TIE_ORDER, facts).value],
    }
