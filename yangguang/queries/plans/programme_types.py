"""The programme types of an intake year, from its rule row. (S24-A1.06, R7.03)"""

from datetime import datetime

from yangguang.queries.seasons.policy_rules import rules_of_year
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.seasons import policy_keys


def types_of_year(year: int, at: datetime) -> tuple[ProgrammeType, ...]:
    """The types that programmes of an intake year may have, in the order of the row; one query.

    Raises:
        Refused: the rule row is missing.
    """
    return rules_of_year(year, at, policy_keys.PROGRAMME_TYPES).get(policy_keys.PROGRAMME_TYPES).value
