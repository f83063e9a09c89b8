"""Keys of policy: every row shipped is one that code reads, and every key has a reader and a row."""

import json
import re
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from yangguang.reference import rows
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.policy_keys import KEYS, PolicyKey
from yangguang.rules.seasons.policy_scope import overlaps, parse_scope

PACKAGE = Path(policy_keys.__file__).parents[2]
ROWS = rows("policy_rules")
CONSTANTS = {name: key for name, key in vars(policy_keys).items() if isinstance(key, PolicyKey)}


def test_every_key_has_a_row_and_every_row_a_key() -> None:
    assert {row["key"] for row in ROWS} == set(KEYS)


@pytest.mark.parametrize("name", sorted(CONSTANTS))
def test_every_key_is_read_by_code(name: str) -> None:
    in_code, on_pages = re.compile(rf"\bpolicy_keys\.{name}\b"), f'policy "{CONSTANTS[name].name}"'
    readers = [path for path in PACKAGE.rglob("*.py") if in_code.search(path.read_text())]
    readers += [path for path in PACKAGE.rglob("*.html") if on_pages in path.read_text()]

    assert readers != []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['key']} {row['applies_to']}")
def test_every_row_has_a_value_of_its_kind_and_a_scope_its_key_knows(row: dict[str, str]) -> None:
    key = KEYS[row["key"]]

    key.read(json.loads(row["value"]))

    assert set(parse_scope(row["applies_to"])) <= key.axes


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['key']} {row['applies_to']}")
def test_the_sentence_of_a_row_has_its_value_in_words(row: dict[str, str]) -> None:
    key = KEYS[row["key"]]
    value = key.read(json.loads(row["value"]))

    sentence = key.sentence(value)

    assert key.format(value) in sentence
    assert re.findall(r"[a-z_{}\[\]]", sentence) == []


def test_no_two_rows_in_force_on_one_day_hold_for_the_same_case() -> None:
    clashes = [
        (one["key"], one["applies_to"], other["applies_to"])
        for one, other in combinations(ROWS, 2)
        if one["key"] == other["key"]
        and overlaps(parse_scope(one["applies_to"]), parse_scope(other["applies_to"]))
        and one["valid_from"] <= (other["valid_to"] or date.max.isoformat())
        and other["valid_from"] <= (one["valid_to"] or date.max.isoformat())
    ]

    assert clashes == []
