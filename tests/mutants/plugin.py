"""The part of the mutation check that runs inside pytest: a run with marks, and a run with faults.

Two ways to run it, by the environment:

`MUTANTS_MAP=FOLDER`
    an ordinary run of tests that writes which statements each test runs, and how long the test takes.
`MUTANTS_FILE=FILE`
    no ordinary run: puts each fault of the file into the imported code, runs the tests that reach it until one fails,
    takes the fault out again, and adds a line to FILE.done.

Code is replaced in place, so that all code that imported a function runs the faulty one.
"""

import ast
import gc
import importlib
import json
import os
import signal
import sys
import time
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.mutants.marks import ROOT, Recorder, mark_modules
from tests.mutants.operators import Mutant, find_mutants
from tests.support import fixture_cache

if "MUTANTS_MAP" in os.environ:
    # Before the configuration of Django imports any of them.
    mark_modules()
LEAST, TIMES = 30, 20  # a test that needs longer than 30 seconds and 20 times its own hangs
KILLED, SURVIVED, UNDECIDED = "killed", "survived", "undecided"  # a test failed; none did; it cannot be said
DIRTY = 33  # exit code: a test left something behind, so that the rest needs a new process


class Runner:
    """Runs the tests of each fault."""

    def __init__(self, file: Path) -> None:
        self.orders: list[dict[str, Any]] = json.loads(file.read_text())
        self.done = file.with_suffix(".done")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        lines = self.done.read_text().splitlines() if self.done.exists() else []
        finished = {json.loads(line)["key"] for line in lines}
        for order in self.orders:
            if order["key"] in finished:
                continue
            outcome, killer = self._try(order, items, session)
            if outcome == UNDECIDED and killer and "suspect" not in order:
                self.done.with_suffix(".suspect").write_text(killer)
                os._exit(DIRTY)
            with self.done.open("a") as file:
                file.write(json.dumps({"key": order["key"], "outcome": outcome, "killer": killer}) + "\n")
        return True

    def _try(self, order: dict[str, Any], items: dict[str, pytest.Item], session: pytest.Session) -> tuple[str, str]:
        """The outcome, and the test that failed.

        A test that fails without the fault as well has noticed nothing: a slow machine did it, or what the fault left
        behind in this process. Then a new process runs the suspect test without the fault.
        """
        if suspect := order.get("suspect"):
            return KILLED if self._passes(items[suspect], 60, session) else UNDECIDED, suspect
        tests = [(items[test], seconds) for test, seconds in order["tests"] if test in items]
        with replaced(find_mutant(order)) as is_in:
            if not is_in:
                return UNDECIDED, ""
            stored = dict(fixture_cache._stored)
            failure = next((test for test in tests if not self._passes(*test, session)), None)
            # What a fixture wrote with the fault must not be laid for the next one.
            fixture_cache._stored = stored
        if failure is None:
            return SURVIVED, ""
        return KILLED if self._passes(*failure, session) else UNDECIDED, failure[0].nodeid

    def _passes(self, item: pytest.Item, seconds: float, session: pytest.Session) -> bool:
        """Whether a test passes within many times the seconds it needs without a fault."""
        ends = time.monotonic() + LEAST + TIMES * seconds
        # The node that stays set up after the test: only fixtures of the session remain, as after the last of a file.
        following: Any = types.SimpleNamespace(listchain=lambda: [session])
        with limited(ends - time.monotonic()):
            reports = runtestprotocol(item, log=False, nextitem=following)
        return time.monotonic() < ends and not any(report.failed for report in reports)


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
    statement, qualname = mutant.statement, mutant.owner.partition("#")[0]
    first = min(part.lineno for part in (statement, *statement.decorator_list))
    statement.decorator_list = []
    for name in qualname.split(".")[-2::-1]:
        statement = ast.ClassDef(name, [], [], [statement], [])  # type: ignore[assignment]
    tree = ast.fix_missing_locations(ast.Module([statement], []))
    new = _find_code(compile(tree, str(module.__file__), "exec"), qualname)
    # Functions inside it that were made before the fault was put in are replaced as well.
    codes = {(code.co_qualname, code.co_firstlineno): code for code in _list_codes(new)} | {(qualname, first): new}
    functions = [
        one
        for one in gc.get_objects()
        if type(one) is types.FunctionType  # A lazy object would be evaluated by `isinstance`.
        and one.__code__.co_filename == module.__file__
        and (code := codes.get((one.__code__.co_qualname, one.__code__.co_firstlineno))) is not None
        and one.__code__.co_freevars == code.co_freevars
    ]
    old = [one.__code__ for one in functions]
    for function in functions:
        function.__code__ = codes[function.__code__.co_qualname, function.__code__.co_firstlineno]
    try:
        yield bool(functions)
    finally:
        for function, code in zip(functions, old, strict=True):
            function.__code__ = code


def _list_codes(code: types.CodeType) -> Iterator[types.CodeType]:
    """A code and those of the functions inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _list_codes(constant)


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
