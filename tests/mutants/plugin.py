"""The part of the mutation check that runs inside pytest: which tests call a function, and a run with a fault in it.

Two ways to run it, by the environment:

`MUTANTS_MAP=FOLDER`
    an ordinary run of the suite that writes which functions each test called, and how long the test took.
`MUTANTS_FILE=FILE`
    no ordinary run: puts each fault of the file into the imported code, runs the tests that call the function until
    one fails, takes the fault out again, and adds a line to FILE.done.

Code is replaced in place, so that all code that imported a function runs the faulty one.
"""

import ast
import gc
import importlib
import json
import os
import signal
import sys
import threading
import time
import types
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.mutants.operators import Mutant, find_mutants

ROOT = Path(__file__).resolve().parents[2]
FLOORS = tuple(str(ROOT / "yangguang" / floor) for floor in ("rules", "queries", "actions"))
LONGEST = 90  # seconds for all tests of one fault; a fault that needs longer hangs, and is noticed by that
MOST_TESTS = 80
DIRTY = 3  # exit code: a test left something behind, so that the rest needs a new process


class Recorder:
    """Writes down which functions of the three floors each test calls."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.called: dict[str, set[str]] = defaultdict(set)
        self.seconds: dict[str, float] = {}
        self.now: set[str] = set()
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.add(report.nodeid)

    def _profile(self, frame: types.FrameType, event: str, _: object) -> None:
        if event == "call":
            code = frame.f_code
            if code.co_filename.startswith(FLOORS):
                self.now.add(f"{os.path.relpath(code.co_filename, ROOT)}::{_outermost(code.co_qualname)}")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.now = set()
        begun = time.monotonic()
        threading.setprofile_all_threads(self._profile) if sys.version_info >= (3, 12) else threading.setprofile(
            self._profile
        )
        sys.setprofile(self._profile)
        try:
            return (yield)
        finally:
            sys.setprofile(None)
            threading.setprofile(None)
            self.seconds[item.nodeid] = time.monotonic() - begun
            for name in self.now:
                self.called[name].add(item.nodeid)

    def pytest_sessionfinish(self) -> None:
        name = os.environ.get("PYTEST_XDIST_WORKER", "main")
        # A test that fails without any fault would seem to notice every fault.
        called = {name: sorted(tests - self.failed) for name, tests in self.called.items()}
        text = json.dumps({"called": called, "seconds": self.seconds})
        (self.folder / f"{name}.json").write_text(text)


def _outermost(qualname: str) -> str:
    return qualname.partition(".<locals>")[0]


class Runner:
    """Runs the tests of each fault."""

    def __init__(self, file: Path) -> None:
        self.orders: list[dict[str, Any]] = json.loads(file.read_text())
        self.done = file.with_suffix(".done")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        finished = set(self.done.read_text().splitlines()) if self.done.exists() else set()
        finished = {json.loads(line)["id"] for line in finished}
        for order in self.orders:
            if order["id"] in finished:
                continue
            tests = [items[nodeid] for nodeid in order["tests"] if nodeid in items]
            mutant = find_mutant(order)
            with replaced(mutant) as is_in:
                killer = self._first_failure(tests, session) if is_in else "(not replaced)"
            is_dirty = killer in items and self._first_failure([items[killer]], session) != ""
            if is_dirty and not order.get("again"):
                os._exit(DIRTY)
            with self.done.open("a") as file:
                file.write(json.dumps({"id": order["id"], "killer": killer, "tests": len(tests)}) + "\n")
        return True

    def _first_failure(self, tests: list[pytest.Item], session: pytest.Session) -> str:
        """The id of the first test that fails; "" when all pass."""
        ends = time.monotonic() + LONGEST
        for at, item in enumerate(tests):
            following = tests[at + 1] if at + 1 < len(tests) else session.items[0]
            following = session.items[-1] if following is item else following
            with limited(ends - time.monotonic()):
                reports = runtestprotocol(item, log=False, nextitem=following)
            if any(report.failed for report in reports) or time.monotonic() > ends:
                return item.nodeid
        return ""


class TooLong(BaseException):
    """The tests of a fault did not end in time."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Stop what runs inside after so many seconds."""

    def stop(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.1))
    try:
        yield
    except TooLong:
        pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def find_mutant(order: dict[str, Any]) -> Mutant:
    """The fault an order names."""
    return list(find_mutants(ROOT / order["path"]))[order["number"]]


@contextmanager
def replaced(mutant: Mutant) -> Iterator[bool]:
    """Put the fault into the code that is imported; gives whether there is anything to put it into."""
    path = mutant.path.relative_to(ROOT)
    module = importlib.import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
    if isinstance(mutant.statement, ast.FunctionDef):
        with _function_replaced(module, mutant) as done:
            yield done
    else:
        with _constants_replaced(module, mutant) as done:
            yield done


@contextmanager
def _function_replaced(module: types.ModuleType, mutant: Mutant) -> Iterator[bool]:
    """Every function made from the changed lines runs the changed code."""
    assert isinstance(mutant.statement, ast.FunctionDef)
    statement = mutant.statement
    statement.decorator_list = []
    for name in mutant.owner.split(".")[-2::-1]:
        statement = ast.ClassDef(name, [], [], [statement], [])  # type: ignore[assignment]
    tree = ast.fix_missing_locations(ast.Module([statement], []))
    new = _find_code(compile(tree, str(module.__file__), "exec"), mutant.owner)
    functions = [
        one
        for one in gc.get_objects()
        if isinstance(one, types.FunctionType)
        and one.__code__.co_filename == module.__file__
        and one.__code__.co_qualname == mutant.owner
        and one.__code__.co_freevars == new.co_freevars
    ]
    old = [one.__code__ for one in functions]
    for function in functions:
        function.__code__ = new
    try:
        yield bool(functions)
    finally:
        for function, code in zip(functions, old, strict=True):
            function.__code__ = code


def _find_code(code: types.CodeType, qualname: str) -> types.CodeType:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            if constant.co_qualname == qualname:
                return constant
            if qualname.startswith(constant.co_qualname + "."):
                return _find_code(constant, qualname)
    raise LookupError(qualname)


@contextmanager
def _constants_replaced(module: types.ModuleType, mutant: Mutant) -> Iterator[bool]:
    """The changed constant, and the constants made from it, everywhere they were imported to."""
    changed = {module.__name__: _derive(module, {}, mutant)}
    count = 0
    while count < len(changed):
        count = len(changed)
        for there in _own_modules():
            if there.__name__ not in changed and (known := _find_imported(there, changed)):
                changed[there.__name__] = known | _derive(there, known, None)
    places = [
        (there, name, value, new)
        for source, names in changed.items()
        for old, new in names.items()
        for there in _own_modules()
        for name, value in list(vars(there).items())
        # Equal numbers and texts of two constants are one object.
        if value is vars(sys.modules[source])[old] and (name == old or not isinstance(value, int | str))
    ]
    for there, name, _, new in places:
        setattr(there, name, new)
    try:
        yield bool(places)
    finally:
        for there, name, value, _ in places:
            setattr(there, name, value)


def _find_imported(there: types.ModuleType, changed: dict[str, dict[str, object]]) -> dict[str, object]:
    """The changed constants that a module imported by their names."""
    return {
        name: new
        for source, names in changed.items()
        for name, new in names.items()
        if name in vars(there) and vars(there)[name] is vars(sys.modules[source])[name]
    }


def _own_modules() -> list[types.ModuleType]:
    """Every module of ours that is imported."""
    return [
        one for one in list(sys.modules.values()) if getattr(one, "__name__", "").startswith(("yangguang", "tests"))
    ]


def _derive(module: types.ModuleType, known: dict[str, object], mutant: Mutant | None) -> dict[str, object]:
    """The constants of a module that become others: the changed one itself, and those made from what has changed."""
    values, changed = dict(vars(module)) | known, dict[str, object]()
    for one in ast.parse(Path(str(module.__file__)).read_text()).body:
        if not isinstance(one, ast.Assign | ast.AnnAssign):
            continue
        target = one.target if isinstance(one, ast.AnnAssign) else one.targets[0]
        if not isinstance(target, ast.Name) or target.id not in values:
            continue
        name = target.id
        is_own = mutant is not None and name == mutant.owner
        names = {node.id for node in ast.walk(one) if isinstance(node, ast.Name)}
        if not is_own and not names & {*changed, *known}:
            continue
        if not isinstance(values[name], str | int | tuple | frozenset | dict | list | set):
            continue
        source = mutant.statement if mutant is not None and is_own else one
        exec(compile(ast.fix_missing_locations(ast.Module([source], [])), str(module.__file__), "exec"), values)
        changed[name] = values[name]
    return changed


def pytest_configure(config: pytest.Config) -> None:
    """Become the one or the other."""
    if folder := os.environ.get("MUTANTS_MAP"):
        config.pluginmanager.register(Recorder(Path(folder)), "mutants-recorder")
    if file := os.environ.get("MUTANTS_FILE"):
        config.pluginmanager.register(Runner(Path(file)), "mutants-runner")
