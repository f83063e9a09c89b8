"""The sample of faults, and the tests that reach each of them."""

import ast
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.mutants.marks import ROOT
from tests.mutants.operators import Mutant, find_mutants, find_owners, number_statements

FLOORS = ("rules", "queries", "actions")
MOST_TESTS = 80


def draw(folder: Path, count: int, seed: int, only: str, most: int) -> list[dict[str, Any]]:
    """A sample of faults, each with the tests that reach it.

    Each fault has a place in the order of a seed that depends on nothing but its function and what is changed there,
    so that the sample stays the same when other code changes.

    Args:
        most: seconds that the tests of one fault may take together, without a fault.
    """
    reached = read_map(folder)
    everything = []
    for path in sorted(path for floor in FLOORS for path in (ROOT / "yangguang" / floor).rglob("*.py")):
        if only not in str(path) or path.name == "engine_warmup.py":  # It only compiles, and gives nothing.
            continue
        seen = Counter[str]()
        for number, mutant in enumerate(find_mutants(path)):
            name = f"{path.relative_to(ROOT)} {mutant.owner}: {mutant.change}"
            seen[name] += 1
            key = hashlib.sha256(f"{seed} {name} {seen[name]}".encode()).hexdigest()[:16]
            everything.append((key, number, mutant))
    return [make_order(*one, reached, most) for one in sorted(everything, key=lambda one: one[0])[:count]]


def read_map(folder: Path) -> dict[str, dict[str, float]]:
    """Statement, function or file of tests → the tests that run it, or are in it, and the seconds each takes.

    Later records of a test replace earlier ones.
    """
    parts = [json.loads(file.read_text()) for file in sorted(folder.glob("map-*.json"))]
    latest = {test: at for at, part in enumerate(parts) for test in part["seconds"]}
    reached: dict[str, dict[str, float]] = defaultdict(dict)
    for at, part in enumerate(parts):
        tests, failed = list(part["seconds"].items()), set(part["failed"])
        good = [latest[test] == at and test not in failed for test, _ in tests]
        for (test, seconds), is_good in zip(tests, good, strict=True):
            if is_good:
                reached[test.partition("::")[0]][test] = seconds
        for name, numbers in part["reached"].items():
            reached[name].update(tests[number] for number in numbers if good[number])
            # A function that has changed since has other statements.
            reached[name.rpartition("::")[0]].update(tests[number] for number in numbers if good[number])
    return reached


def make_order(
    key: str, number: int, mutant: Mutant, reached: dict[str, dict[str, float]], most: int
) -> dict[str, Any]:
    """A fault as an entry of the file that `tests.mutants.plugin` reads."""
    path = str(mutant.path.relative_to(ROOT))
    function = f"{path}::{mutant.owner}"
    if isinstance(mutant.statement, ast.FunctionDef):
        # A function that is imported before marks can be set has none.
        tests = reached.get(f"{function}::{mutant.reached}") or reached.get(function) or reached[_mirrored(mutant.path)]
    else:
        readers = find_readers(path, frozenset([mutant.owner]))
        tests = {test: seconds for name in readers for test, seconds in reached.get(name, {}).items()}
        tests = tests or _all_tests_around(path, reached)
    return {
        "key": key,
        "path": path,
        "number": number,
        "tests": list(_take(put_in_order(tests, mutant.path), most)),
        "words": f"{path}:{mutant.line} {mutant.owner}: {mutant.change}",
    }


def put_in_order(tests: dict[str, float], path: Path) -> list[tuple[str, float]]:
    """The quick tests of the mirrored file, then the quickest of each file, then the second of each, and so on."""
    mirrored = (f"{_mirrored(path)}::", f"{_mirrored(path.parent)}.py::")
    place, ranks = Counter[str](), dict[str, int]()
    for test, _ in sorted(tests.items(), key=lambda one: one[1]):
        ranks[test] = place[test.partition("::")[0]]
        place[test.partition("::")[0]] += 1
    return sorted(tests.items(), key=lambda one: (not one[0].startswith(mirrored) or one[1] > 2, ranks[one[0]], one[1]))


def _take(tests: list[tuple[str, float]], most: int) -> Iterator[tuple[str, float]]:
    """The first tests, so many as together take no longer than `most` seconds, and ten at least."""
    spent = 0.0
    for number, (test, seconds) in enumerate(tests[:MOST_TESTS]):
        if spent + seconds <= most or number < 10:
            spent += seconds
            yield test, seconds


def _mirrored(path: Path) -> str:
    relative = path.relative_to(ROOT / "yangguang")
    return f"tests/{relative.parent}/test_{relative.name}"


def find_readers(path: str, names: frozenset[str], seen: frozenset[str] = frozenset()) -> set[str]:
    """The statements that read constants of a module, or constants made from them, here or where they are imported."""
    names, readers = _find_derived(path, names), set()
    for owner, statement in find_owners(_parse(path).body):
        numbers = number_statements(statement)
        for inner in ast.walk(statement):
            if id(inner) in numbers and _names_in(inner) & names:
                readers.add(f"{path}::{owner}::{numbers[id(inner)]}")
    module = ".".join(Path(path).with_suffix("").parts)
    for file, imported in _find_importers().get(module, {}).items():
        if file not in seen and (known := frozenset(imported) & names):
            readers |= find_readers(file, known, seen | {path})
    for file in _find_importers().get(f"{module}.", {}):
        if file not in seen:
            readers |= find_readers(file, names, seen | {path})
    return readers


def _find_derived(path: str, names: frozenset[str]) -> frozenset[str]:
    """The names and, with them, those of constants and classes of a module that are made from them."""
    while True:
        more = set(names)
        for statement in _parse(path).body:
            if isinstance(statement, ast.Assign | ast.AnnAssign | ast.ClassDef) and _names_in(statement) & names:
                targets = getattr(statement, "targets", [getattr(statement, "target", statement)])
                more |= {getattr(target, "id", getattr(target, "name", "")) for target in targets} - {""}
        if more == names:
            return names
        names = frozenset(more)


def _names_in(tree: ast.AST) -> set[str]:
    """The names that a statement reads itself; those of the functions of a class are read when they run."""
    names, left = set(), [tree]
    while left:
        node = left.pop()
        names.add(getattr(node, "id", getattr(node, "attr", "")))
        left += [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.FunctionDef)]
    return names - {""}


@cache
def _parse(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text())


@cache
def _find_importers() -> dict[str, dict[str, list[str]]]:
    """Module → the files that import names from it, and which; with a dot at its end: those that import it whole."""
    importers: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for path in sorted((ROOT / "yangguang").rglob("*.py")):
        relative = str(path.relative_to(ROOT))
        for node in ast.walk(_parse(relative)):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    importers[node.module][relative].append(alias.name)
                    importers[f"{node.module}.{alias.name}."][relative].append(alias.name)
    return importers


def _all_tests_around(path: str, reached: dict[str, dict[str, float]]) -> dict[str, float]:
    """Every test that runs a function of a file or of a file that imports from it."""
    importers = _find_importers()
    module = ".".join(Path(path).with_suffix("").parts)
    files: Iterable[str] = {path, *importers.get(module, {}), *importers.get(f"{module}.", {})}
    return {
        test: seconds
        for name, tests in reached.items()
        if name.partition("::")[0] in files
        for test, seconds in tests.items()
    }
