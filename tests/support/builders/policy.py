"""Rule rows for tests: the reference rows, and one row with another value."""

import json

from yangguang.actions.organisation.directory_sql import RULES
from yangguang.models import CalendarDay, PolicyRule
from yangguang.postgres.sql import execute
from yangguang.reference import rows
from yangguang.rules.seasons.policy_rows import to_canonical

_REFERENCE = json.dumps([to_canonical(row) for row in rows("policy_rules")], ensure_ascii=False)


def add_reference_rules() -> None:
    """The rule rows that the platform ships, unless there are rows already."""
    if not PolicyRule.objects.exists():
        execute(RULES, (_REFERENCE,))


def add_working_calendar() -> None:
    """The working days of some years: New Year's Day is off, and nothing else is known."""
    days = [CalendarDay(day=f"{year}-01-01", rests=True, note="元旦", source="测试文件") for year in range(2023, 2030)]
    CalendarDay.objects.bulk_create(days, ignore_conflicts=True)


def set_rule(key: str, value: object, applies_to: str = "") -> None:
    """Replace the rows of this key and scope by one that holds since 2020."""
    PolicyRule.objects.filter(key=key, applies_to=applies_to).delete()
    source = {"source": "测试文件", "clause": "第一条"}
    PolicyRule.objects.create(key=key, value=value, applies_to=applies_to, valid_from="2020-01-01", **source)
