"""Which statements of rules, queries and actions each test runs.

The modules of the three floors are compiled with a mark before each statement of their functions; a mark costs less
than a ten-millionth of a second, so that a run with marks takes as long as one without.
"""

import ast
import builtins
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from tests.mutants.operators import find_owners, number_statements

ROOT = Path(__file__).resolve().parents[2]
FLOORS = tuple(str(ROOT / "yangguang" / floor) + os.sep for floor in ("rules", "queries", "actions"))
MARK = "_mutants_mark"

_ran: set[str] = set()


def mark_modules() -> None:
    """Compile every module of the three floors that is imported from now on with marks."""
    setattr(builtins, MARK, _ran.add)
    sys.meta_path.insert(0, Finder())


class Recorder:
    """Writes down which statements each test runs, and how long it takes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reached: dict[str, list[int]] = defaultdict(list)
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.add(report.nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        _ran.clear()
        begun = time.monotonic()
        result = yield
        for name in _ran:
            self.reached[name].append(len(self.seconds))
        self.seconds[item.nodeid] = time.monotonic() - begun
        return result

    def pytest_sessionfinish(self) -> None:
        # A test that fails without any fault would seem to notice every fault.
        text = {"reached": self.reached, "seconds": self.seconds, "failed": sorted(self.failed)}
        (self.folder / f"map-{time.time_ns()}-{os.getpid()}.json").write_text(json.dumps(text))


class Finder(MetaPathFinder):
    """Finds the modules of the three floors, to be compiled with marks."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname.startswith("yangguang.") else None
        if spec is None or spec.origin is None or not spec.origin.startswith(FLOORS):
            return None
        spec.loader = MarkingLoader(fullname, spec.origin)
        return spec


class MarkingLoader(SourceFileLoader):
    """Compiles a module with marks, and neither reads nor writes the file of its byte code."""

    def get_code(self, fullname: str) -> CodeType:
        path = Path(self.get_filename(fullname))
        tree = ast.parse(path.read_bytes())
        for owner, statement in find_owners(tree.body):
            if isinstance(statement, ast.FunctionDef):
                names = {
                    key: f"{path.relative_to(ROOT)}::{owner}::{number}"
                    for key, number in number_statements(statement).items()
                }
                Marker(names).visit(statement)
        return compile(ast.fix_missing_locations(tree), str(path), "exec")


class Marker(ast.NodeTransformer):
    """Puts a mark before each statement that has a name."""

    def __init__(self, names: dict[int, str]) -> None:
        self.names = names

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                setattr(node, field, [new for old in block for new in self._mark(old)])
        return node

    def _mark(self, statement: ast.stmt) -> list[ast.stmt]:
        is_docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if is_docstring or id(statement) not in self.names:
            return [statement]
        call = ast.Call(ast.Name(MARK, ast.Load()), [ast.Constant(self.names[id(statement)])], [])
        return [ast.copy_location(ast.Expr(ast.copy_location(call, statement)), statement), statement]
