"""A refusal names its place in words of the reader: no field of a form is ever printed under its own name.
(X1.04, F-N8)
"""

import ast
import re
from pathlib import Path

import pytest

from yangguang.rules.base.refusals import FIELDS, Refused

PACKAGE = Path(__file__).parents[3] / "yangguang"
FLOORS = ("actions", "rules", "queries", "web")
HAN = re.compile(r"[\u4e00-\u9fff]")


def places(path: Path) -> list[str]:
    """Every `where` a file writes out."""
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.keyword) and node.arg == "where" and isinstance(node.value, ast.Constant):
            names.append(node.value.value)
    return [place for place in names if isinstance(place, str)]


def written() -> dict[str, str]:
    paths = (path for floor in FLOORS for path in (PACKAGE / floor).rglob("*.py"))
    return {place: path.name for path in paths for place in places(path)}


def test_every_place_a_refusal_names_is_said_in_chinese() -> None:
    # A head of a file stands as it does in the file.
    named = {place: file for place, file in written().items() if ".csv" not in place}

    assert {"id_number", "opens_at", "closes_at", "verdict", "choice-1"} <= set(named)
    assert {place: file for place, file in named.items() if not HAN.search(Refused("什么", where=place).place)} == {}


@pytest.mark.parametrize("field", ["opens_at", "closes_at", "title", "body", "source"])
def test_a_field_that_comes_in_a_variable_has_its_word(field: str) -> None:
    """`windows.set_window` and `notices.publish` go through their fields."""
    assert HAN.search(FIELDS[field])


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("choice-3", "第3志愿"),
        ("第 7 行·招生任务（人）", "第 7 行·招生任务（人）"),
        ("2024X00001", "2024X00001"),
        ("", ""),
        ("some_field", ""),
        ("choices", ""),
    ],
)
def test_rows_and_numbers_stay_as_they_are_and_an_unknown_field_is_not_printed(where: str, said: str) -> None:
    assert Refused("什么", where=where).place == said


def test_every_word_is_chinese() -> None:
    assert [field for field, word in FIELDS.items() if not HAN.search(word)] == []
