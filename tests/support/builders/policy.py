"""Rule rows for tests: the reference rows, and one row with another value."""

import json

from yangguang.actions.organisation.directory_sql import RULES
from yangguang.models import PolicyRule
from yangguang.postgres.sql import execute
from yangguang.reference import rows
from yangguang.rules.seasons.policy_rows import to_canonical

_REFERENCE = json.dumps([to_canonical(row) for row in rows("policy_rules")], ensure_ascii=False)


def add_reference_rules() -> None:
    """The rule rows that the platform ships, unless there are rows already."""
    if not PolicyRule.objects.exists():
        execute(RULES, (_REFERENCE,))


def set_rule(key: str, value: object, applies_to: str = "") -> None:
    """Replace the rows of this key and scope by one that holds since 2020."""
    PolicyRule.objects.filter(key=key, applies_to=applies_to).delete()
    source = {"source": "测试文件", "clause": "第一条"}
    PolicyRule.objects.create(key=key, value=value, applies_to=applies_to, valid_from="2020-01-01", **source)
