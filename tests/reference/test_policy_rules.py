"""The policy rules of the reference data are those that the code reads."""

import re
from pathlib import Path

import yangguang
from yangguang.reference import rows

SOURCES = Path(yangguang.__file__).parent.rglob("*.py")


def test_every_rule_that_the_code_reads_by_its_key_is_in_the_reference_data() -> None:
    calls = [match for path in SOURCES for match in re.findall(r"rules_at\([^)]*\)", path.read_text())]
    read = {key for call in calls for key in re.findall(r'"([a-z_]+\.[a-z_]+)"', call)}

    missing = read - {row["key"] for row in rows("policy_rules")}

    assert len(read) > 5
    assert missing == set()
