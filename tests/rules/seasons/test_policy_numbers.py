"""Numbers of policy stand in rule rows: no sentence of the code states a time, an age or a clause of a year."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import yangguang

PACKAGE = Path(yangguang.__file__).parent
LEFT_OUT = {"reference", "migrations", "simulation", "sheets", "engine", "localdb"}
"""Data and fixed forms of notices, the demonstration, and what knows nothing of admissions."""
NUMBER = re.compile(
    r"(?<!\d)(?<!\d月)\d+ ?(?:小时|分钟|天内|天后|周岁|个月|个工作日|日前)"
    r"|[一二三四五六七八九十两]+(?:小时|周岁|个工作日)"
    r"|20\d\d年?(?:省通知|通知)|〔20\d\d〕"
)
SPAN = re.compile(r"timedelta\((?:(?:minutes|hours|weeks)=\d+|days=(?!1\))\d+)")
NO_POLICY = {
    "actions/accounts/rate_limits.py": ["timedelta(minutes=1)", "timedelta(hours=1)"],
    "queries/audit/alerts.py": ["timedelta(hours=26)", "24小时"],
    "queries/audit/daily_roots.py": ["timedelta(hours=2)"],
    "web/kit/charts.py": ["timedelta(days=32)"],
    "rules/seasons/windows.py": ["timedelta(hours=8)", "1分钟"],
}
"""The units of a span, alerts for the operator, the time of the nightly job, the name of a right that no page uses
yet, the time zone, the end of a countdown, and the step to the next
month of a chart."""


def texts(path: Path) -> Iterator[str]:
    """The sentences of a file without comments and docstrings, and its constant spans of time."""
    if path.suffix == ".html":
        yield re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.S)
        return
    tree = ast.parse(path.read_text())
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value
        if isinstance(node, ast.Call) and SPAN.match(call := ast.unparse(node)):
            yield call


def find_numbers(path: Path) -> list[str]:
    return [
        text if SPAN.match(text) else match.group()
        for text in texts(path)
        for match in (SPAN if SPAN.match(text) else NUMBER).finditer(text)
    ]


def test_no_sentence_has_a_number_of_policy() -> None:
    paths = [path for kind in ("py", "html") for path in PACKAGE.rglob(f"*.{kind}")]
    sentences = {
        str(path.relative_to(PACKAGE)): numbers
        for path in paths
        if not LEFT_OUT & set(path.relative_to(PACKAGE).parts) and "gallery" not in str(path)
        if (numbers := find_numbers(path))
    }

    assert sentences == NO_POLICY


@pytest.mark.parametrize(
    ("name", "text", "numbers"),
    [
        ("a.py", 'TEXT = f"{name}请在72 小时内应答"', ["72 小时"]),
        ("a.py", '"""Within 72 小时."""\nTEXT = f"请在{hours}内应答"', []),
        ("a.py", "UNTIL = timedelta(minutes=10)", ["timedelta(minutes=10)"]),
        ("a.py", "UNTIL = day + timedelta(days=1)", []),
        ("a.py", 'TEXT = "请在一小时后再试"', ["一小时"]),
        ("a.py", 'clause = "2023年省通知 五"', ["2023年省通知"]),
        ("a.html", "<p>未满14周岁</p>{# 14周岁 #}", ["14周岁"]),
        ("a.html", "<p>每月15日前报送</p>", ["15日前"]),
        ("a.html", "<p>未满{% policy 'person.child_under' %}，12月31日前</p>", []),
    ],
)
def test_a_number_in_a_sentence_is_seen(tmp_path: Path, name: str, text: str, numbers: list[str]) -> None:
    path = tmp_path / name
    path.write_text(text)

    assert find_numbers(path) == numbers
