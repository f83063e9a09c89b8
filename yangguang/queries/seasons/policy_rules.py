"""The rule rows in force at an instant; every number of policy is read here, with its clause. (R2.07, F-N8)"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yangguang.postgres.sql import fetch_all
from yangguang.rules.base.refusals import Refused

_IN_FORCE = """
SELECT key, scope_note, value::text AS value, source, clause, is_demo, description AS sentence
FROM rule_in_force(%s, %s) ORDER BY key, scope_note
"""
_ALL_IN_FORCE = "SELECT id FROM rule_in_force(%s, ARRAY(SELECT key FROM yangguang_policyrule))"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule row in force: its value, its sentence and its source with clause."""

    value: Any
    sentence: str
    cited: str


def rules_at(at: datetime, *keys: str) -> dict[tuple[str, str], Rule]:
    """Rule rows in force at `at`, by (key, scope note); one query whatever the number of keys.

    Raises:
        Refused: a key has no row in force; no number of policy is assumed.
    """
    rows = fetch_all(_IN_FORCE, (at, list(keys)))
    if missing := set(keys) - {row.key for row in rows}:
        raise Refused(f"规则行缺少：{'、'.join(sorted(missing))}", now="请省级主管部门补全规则行")
    return {
        (row.key, row.scope_note): Rule(
            json.loads(row.value),
            row.sentence,
            f"{row.source} {row.clause}".strip() + ("（演示）" if row.is_demo else ""),
        )
        for row in rows
    }


def rows_in_force(at: datetime) -> list[int]:
    """Row ids of all rule rows in force at `at`; one query."""
    return [row.id for row in fetch_all(_ALL_IN_FORCE, (at,))]
