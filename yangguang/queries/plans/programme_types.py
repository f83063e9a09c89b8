"""The programme types of an intake year, from its rule row. (S24-A1.06, R7.03)"""

from collections.abc import Iterable
from datetime import datetime

from yangguang.queries.seasons.policy_rules import rules_of_year
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.policy_scope import Axis


def types_of_year(year: int, at: datetime) -> tuple[ProgrammeType, ...]:
    """The types that programmes of an intake year may have, in the order of the row; one query.

    Raises:
        Refused: the rule row is missing.
    """
    return rules_of_year(year, at, policy_keys.PROGRAMME_TYPES).get(policy_keys.PROGRAMME_TYPES).value


def imported_types_of_year(year: int, at: datetime) -> tuple[ProgrammeType, ...]:
    """The types of an intake year that the exam board admits: those with a row of `imported.origins`; one query.

    Raises:
        Refused: the row of types is missing.
    """
    rules = rules_of_year(year, at, policy_keys.PROGRAMME_TYPES, policy_keys.IMPORTED_ORIGINS)
    types = rules.get(policy_keys.PROGRAMME_TYPES).value
    return tuple(one for one in types if rules.find(policy_keys.IMPORTED_ORIGINS, {Axis.PROGRAMME_TYPE: [one.label]}))


def require_types_of_year(types: Iterable[str], year: int, at: datetime) -> None:
    """Raise Refused when a programme type is none of its intake year."""
    rule = rules_of_year(year, at, policy_keys.PROGRAMME_TYPES).get(policy_keys.PROGRAMME_TYPES)
    if others := [ProgrammeType(one).label for one in types if one not in rule.value]:
        what = f"{year}年不招{'、'.join(others)}"
        raise Refused(what, why=rule.sentence, now="请改正批次的培养类型", clause=rule.citation)
