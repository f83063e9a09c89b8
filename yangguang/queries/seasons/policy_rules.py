"""The rule rows in force at an instant: every number of policy comes from here, with its clause. (N8)"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yangguang.queries.rows import fetch_all
from yangguang.rules.base.refusals import Refused

_IN_FORCE = """
SELECT DISTINCT ON (key, scope_note) key, scope_note, value::text, source, clause, is_demo, says
FROM yangguang_policyrule
WHERE key = ANY(%s) AND valid_from <= (%s AT TIME ZONE 'Asia/Shanghai')::date
  AND (valid_to IS NULL OR valid_to >= (%s AT TIME ZONE 'Asia/Shanghai')::date)
ORDER BY key, scope_note, valid_from DESC
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule row in force."""

    value: Any
    says: str
    cited: str


def rules_at(at: datetime, *keys: str) -> dict[tuple[str, str], Rule]:
    """Rule rows in force at `at`, by (key, scope note); one query whatever the number of keys.

    Raises:
        Refused: a key has no row in force: the platform never guesses a number of policy.
    """
    found = {
        (key, scope): Rule(
            json.loads(value), says, f"{source} {clause}".strip() + ("（演示）" if demo else "")
        )
        for key, scope, value, source, clause, demo, says in fetch_all(_IN_FORCE, (list(keys), at, at))
    }
    if missing := set(keys) - {key for key, _ in found}:
        raise Refused(f"规则行缺少：{'、'.join(sorted(missing))}", now="请省级主管部门补全规则行")
    return found
