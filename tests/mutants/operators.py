"""The faults that are put into code: every place of a file where one of them fits, each as a changed syntax tree."""

import ast
import copy
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
IS_SQL = re.compile(r"\b(SELECT|UPDATE|INSERT|DELETE|WHERE)\b")
SQL_WORDS = {
    " AND ": " OR ",
    " < ": " <= ",
    " <= ": " < ",
    " > ": " >= ",
    " >= ": " > ",
    " = ": " <> ",
    " <> ": " = ",
    "IS NULL": "IS NOT NULL",
    "IS NOT NULL": "IS NULL",
    "NOT EXISTS": "EXISTS",
    "LEFT JOIN": "JOIN",
    " min(": " max(",
    " max(": " min(",
}
SQL_WORD = re.compile("|".join(map(re.escape, sorted(SQL_WORDS, key=len, reverse=True))))


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault.

    Args:
        path: of the file, from the root of the repository.
        owner: qualified name of the outermost function or method around the fault, or of the module's constant.
        line: of the fault.
        change: what was changed, in words.
        reached: number of the statement that a test must run to meet the fault, as `number_statements` gives it;
            -1 for a constant.
        statement: the changed function or assignment, as a tree with its old positions.
    """

    path: Path
    owner: str
    line: int
    change: str
    reached: int
    statement: ast.stmt

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.owner}: {self.change}"


def find_mutants(path: Path) -> Iterator[Mutant]:
    """Every fault of one file: in functions and methods, and in the constants of the module."""
    for owner, statement in find_owners(ast.parse(path.read_text()).body):
        nodes = list(ast.walk(statement))
        numbers, within = number_statements(statement), dict(_statements_of_nodes(statement))
        skipped = {id(one) for node in nodes for one in _left_alone(node)}
        for index, node in enumerate(nodes):
            if id(node) in skipped:
                continue
            for number, (change, what) in enumerate(_changes(node)):
                changed = copy.deepcopy(statement)
                target = list(ast.walk(changed))[index]
                _, change_tree = list(_changes(target))[number]
                change_tree()
                reached = what.removed or within[id(node)]
                line = reached.lineno if what.removed else getattr(node, "lineno", statement.lineno)
                yield Mutant(path, owner, line, change, numbers.get(id(reached), -1), changed)


def number_statements(owner: ast.stmt) -> dict[int, int]:
    """`id` of each statement of a function → its number in it; the function itself has that of its first statement."""
    if not isinstance(owner, ast.FunctionDef):
        return {}
    statements = [node for node in ast.walk(owner) if isinstance(node, ast.stmt) and node is not owner]
    numbers = {id(node): number for number, node in enumerate(statements)}
    return numbers | {
        id(owner): numbers[id(owner.body[_is_docstring(owner.body[0]) :][0])] if len(owner.body) > 1 else 0
    }


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _statements_of_nodes(statement: ast.stmt) -> Iterator[tuple[int, ast.stmt]]:
    """`id` of each node and the innermost statement around it; a statement is within itself."""
    yield id(statement), statement
    inner: list[ast.AST] = [statement]
    while inner:
        for child in ast.iter_child_nodes(inner.pop()):
            if isinstance(child, ast.stmt):
                yield from _statements_of_nodes(child)
            else:
                yield id(child), statement
                inner.append(child)


def find_owners(body: list[ast.stmt]) -> Iterator[tuple[str, ast.stmt]]:
    """The functions, methods and constants of a module by their qualified names; "#2" is the second of a name."""
    seen = Counter[str]()
    for name, statement in _find_named(body, ""):
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name}#{seen[name]}", statement


def _find_named(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, ast.stmt]]:
    for statement in body:
        if isinstance(statement, ast.FunctionDef):
            yield prefix + statement.name, statement
        elif isinstance(statement, ast.ClassDef):
            inner = [one for one in statement.body if isinstance(one, ast.FunctionDef)]
            yield from _find_named(list(inner), f"{prefix}{statement.name}.")
        elif isinstance(statement, ast.Assign) and not prefix and isinstance(statement.targets[0], ast.Name):
            yield statement.targets[0].id, statement


def _left_alone(node: ast.AST) -> Iterator[ast.AST]:
    """Nodes below `node` that are not behaviour: docstrings, annotations, decorators, and what only types read."""
    if isinstance(node, ast.FunctionDef):
        if _is_docstring(node.body[0]):
            yield from ast.walk(node.body[0])
        for part in (
            *node.decorator_list,
            node.returns,
            *(arg.annotation for arg in ast.walk(node.args) if _is_arg(arg)),
        ):
            if part is not None:
                yield from ast.walk(part)
    # Defaults are computed once at the import, which a fault that is put in afterwards does not change.
    if isinstance(node, ast.arguments):
        for default in (*node.defaults, *filter(None, node.kw_defaults)):
            yield from ast.walk(default)
    if isinstance(node, ast.AnnAssign):
        yield from ast.walk(node.annotation)
    # `zip(…, strict=True)` claims what the lines before ensure, as an assertion does.
    if isinstance(node, ast.Assert) or (isinstance(node, ast.keyword) and node.arg == "strict"):
        yield from ast.walk(node)


def _is_arg(node: ast.AST) -> bool:
    return isinstance(node, ast.arg)


def _changes(node: ast.AST) -> Iterator[tuple[str, "Change"]]:
    """What may be done to one node: words, and the function that does it in place."""
    if isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            other = COMPARISONS[type(operator)]
            yield f"{type(operator).__name__} → {other.__name__}", Change(node.ops, at, other())
    elif isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"{type(node.op).__name__} → {other.__name__}", Change(node, "op", other())
    elif isinstance(node, ast.If | ast.IfExp):
        yield "condition negated", Change(node, "test", ast.UnaryOp(ast.Not(), node.test))
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        other = ast.Sub if isinstance(node.op, ast.Add) else ast.Add
        if not any(
            isinstance(side, ast.Constant | ast.JoinedStr) and _is_text(side) for side in (node.left, node.right)
        ):
            yield f"{type(node.op).__name__} → {other.__name__}", Change(node, "op", other())
    elif isinstance(node, ast.Constant):
        yield from _constant_changes(node)
    elif isinstance(node, ast.FunctionDef | ast.If | ast.For | ast.With | ast.Try):
        for at, statement in enumerate(node.body):
            if isinstance(statement, ast.Raise) or _is_call(statement):
                what = "raise" if isinstance(statement, ast.Raise) else "call"
                yield f"{what} of line {statement.lineno} left out", Change(node.body, at, ast.Pass())


def _constant_changes(node: ast.Constant) -> Iterator[tuple[str, "Change"]]:
    value = node.value
    if isinstance(value, bool):
        yield f"{value} → {not value}", Change(node, "value", not value)
    elif isinstance(value, int):
        yield f"{value} → {value + 1}", Change(node, "value", value + 1)
    elif isinstance(value, str) and IS_SQL.search(value):
        for match in SQL_WORD.finditer(value):
            new = SQL_WORDS[match[0]]
            text = value[: match.start()] + new + value[match.end() :]
            yield (
                f"SQL {' '.join(value[max(match.start() - 20, 0) : match.end() + 20].split())!r}: {new.strip()}",
                Change(node, "value", text),
            )


def _is_call(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


class Change:
    """One change of a tree: an attribute of a node, or an item of a list."""

    def __init__(self, target: object, place: str | int, value: object) -> None:
        self.target, self.place, self.value = target, place, value

    def __call__(self) -> None:
        if isinstance(self.target, list):
            self.target[int(self.place)] = self.value
        else:
            setattr(self.target, str(self.place), self.value)

    @property
    def removed(self) -> ast.stmt | None:
        """The statement that is left out, if one is."""
        return (
            self.target[int(self.place)] if isinstance(self.value, ast.Pass) and isinstance(self.target, list) else None
        )
