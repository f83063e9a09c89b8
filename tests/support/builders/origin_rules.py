"""The rules of origins for pure tests: everything, or what the reference rows of 2024 say."""

import json

from yangguang.reference import rows
from yangguang.rules.applicants.origins import Origin, OriginRule, StudyForm
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.seasons.policy_scope import Axis, parse_scope


def _read(key: str, origin: Origin) -> list[str]:
    """The value of the row that holds in 2024 for this origin."""
    all_rows = [row for row in rows("policy_rules") if row["key"] == key and row["valid_from"] < "2025"]
    own = [row for row in all_rows if origin.label in parse_scope(row["applies_to"])[Axis.ORIGIN]]
    return list(json.loads(max(own, key=lambda row: row["valid_from"])["value"]))


RULES_2024 = {
    origin: OriginRule(
        origin,
        frozenset(map(ProgrammeType, _read("origin.programme_types", origin))),
        frozenset(map(StudyForm, _read("origin.study_forms", origin))),
        "测试文件 第一条",
    )
    for origin in Origin
}
