"""The rule rows in force for a case at an instant: the only way to a number of policy, with clause. (R2.07, F-N8)"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from yangguang.postgres.sql import fetch_all
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.policy_keys import KEYS, AnyKey, PolicyKey
from yangguang.rules.seasons.policy_scope import Facts, Scope, find_most_particular, parse_scope
from yangguang.rules.seasons.windows import start_of

T = TypeVar("T")

# One statement for many instants: a province reads its results in one hour.
_IN_FORCE = """
SELECT t.at, r.key, r.applies_to, r.value::text AS value, r.source, r.clause, r.is_demo
FROM unnest(%s::timestamptz[]) AS t(at), rule_in_force(t.at, %s) AS r ORDER BY t.at, r.key, r.applies_to
"""
# For use inside a larger statement on a hot path: the rows of some keys at an instant as one value, for `read_rules`.
RULES_JSON = """
(SELECT json_agg(json_build_array(r.key, r.applies_to, r.value::text, r.source, r.clause, r.is_demo))
 FROM rule_in_force(%s, %s) AS r)
"""


@dataclass(frozen=True, slots=True)
class Rule(Generic[T]):
    """One rule row in force: its value, the sentence it orders, its source with clause, and for whom it holds."""

    value: T
    sentence: str
    citation: str
    applies_to: str = ""


AnyRule = Rule[Any]


class RuleRow(NamedTuple):
    """A row as it is stored; `value` is JSON."""

    key: str
    applies_to: str
    value: str
    source: str
    clause: str
    is_demo: bool


class RulesInForce:
    """The rows of some keys at one instant; which of them holds depends on the case."""

    def __init__(self) -> None:
        self.rows: dict[str, list[tuple[Scope, AnyRule]]] = {}

    def add(self, row: RuleRow) -> None:
        """Take one row."""
        self.rows.setdefault(row.key, []).append(_parse_row(row))

    def find(self, key: PolicyKey[T], facts: Facts | None = None) -> Rule[T] | None:
        """The rule of the most particular scope that fits the case; None when none fits."""
        return find_most_particular(self.rows.get(key.name, ()), facts or {})

    def get(self, key: PolicyKey[T], facts: Facts | None = None) -> Rule[T]:
        """As `find`.

        Raises:
            Refused: no row fits; no number of policy is assumed.
        """
        rule = self.find(key, facts)
        if rule is None:
            raise missing_rule(key.name)
        return rule


# Every request reads the same rows; what one says depends on nothing else.
@lru_cache(maxsize=2048)
def _parse_row(row: RuleRow) -> tuple[Scope, AnyRule]:
    key = KEYS[row.key]
    value = key.read(json.loads(row.value))
    citation = f"{row.source} {row.clause}".strip() + ("（演示）" if row.is_demo else "")
    return parse_scope(row.applies_to), Rule(value, key.sentence(value), citation, row.applies_to.replace("=", "："))


def missing_rule(*names: str) -> Refused:
    """The refusal of an act whose rule rows are missing."""
    return Refused(f"规则行缺少：{'、'.join(sorted(names))}", now="请省级主管部门补全规则行")


def rules_at(at: datetime, *keys: AnyKey) -> RulesInForce:
    """The rows of `keys` in force at `at`; one query whatever the number of keys."""
    return rules_at_instants([at], *keys)[at]


def rules_of_year(year: int, at: datetime, *keys: AnyKey) -> RulesInForce:
    """The rows of `keys` for an intake year: those in force at `at`, but not before its first day or after its last.

    So a plan of next year takes next year's rows, and a form of a past year keeps that year's. One query.
    """
    return rules_at(within_year(year, at), *keys)


def within_year(year: int, at: datetime) -> datetime:
    """The instant whose rows hold for an intake year, see `rules_of_year`."""
    return max(start_of(date(year, 1, 1)), min(at, start_of(date(year, 12, 31))))


def read_rules(rows: Iterable[RuleRow] | None) -> RulesInForce:
    """The rows of `RULES_JSON`; None where no row is in force."""
    rules = RulesInForce()
    for row in rows or ():
        rules.add(RuleRow(*row))
    return rules


def rule_at(at: datetime, key: PolicyKey[T], facts: Facts | None = None) -> Rule[T]:
    """The rule of one key that holds for a case at `at`; one query.

    Raises:
        Refused: no row is in force.
    """
    return rules_at(at, key).get(key, facts)


def format_rule(key: PolicyKey[T], at: datetime, facts: Facts | None = None) -> str:
    """The value in force in words, with its unit, for a sentence; one query.

    Raises:
        Refused: no row is in force.
    """
    return key.format(rule_at(at, key, facts).value)


def rules_at_instants(instants: Iterable[datetime], *keys: AnyKey) -> dict[datetime, RulesInForce]:
    """The rows of `keys` in force at each of several instants; one query."""
    rules = {at: RulesInForce() for at in instants}
    for row in fetch_all(_IN_FORCE, (list(rules), [key.name for key in keys])):
        rules[row.at].add(RuleRow(*row[1:]))
    return rules
