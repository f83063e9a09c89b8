"""The rules no linter ships with, as functions from one parsed file to complaints; `test_house` applies them."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

WRITES = {"save", "create", "delete", "get_or_create", "update_or_create", "bulk_create", "bulk_update"}
COPIES = {"copy_in", "copy_in_text"}
# `update` is also a verb of dictionaries and digests; after one of these it is a query set's.
QUERY_SETS = {"objects", "filter", "exclude", "all", "for_actor", "select_for_update", "order_by"}
SQL_WRITES = re.compile(r"^\s*(WITH\b.*?\)\s*)?(INSERT INTO|UPDATE \S+ SET|DELETE FROM|TRUNCATE|COPY .* FROM)", re.S)
CLOCKS = {"now", "utcnow", "today", "localdate", "localtime"}
CLOCK_OWNERS = {"datetime", "date", "timezone"}


def names_of(node: ast.AST) -> list[str]:
    """The names along a chain of attributes and calls: `A.objects.filter(x).update` → update, filter, objects, A."""
    names = []
    while True:
        match node:
            case ast.Attribute():
                names.append(node.attr)
                node = node.value
            case ast.Call():
                node = node.func
            case ast.Name():
                return [*names, node.id]
            case _:
                return names


def writes(tree: ast.AST) -> Iterator[str]:
    """Calls and SQL that change a table."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            verb, *owners = names_of(node.func)
            if verb in WRITES or (verb == "update" and QUERY_SETS & set(owners)):
                yield f"第 {node.lineno} 行：.{verb}("
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in COPIES:
            yield f"第 {node.lineno} 行：{node.func.id}("
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL_WRITES.match(node.value):
            yield f"第 {node.lineno} 行：{node.value.strip()[:30]}"


def strings_matching(tree: ast.AST, pattern: re.Pattern[str]) -> Iterator[str]:
    """Strings, and parts of f-strings, that match the pattern."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and (hit := pattern.search(node.value)):
            yield f"第 {node.lineno} 行：{hit[0]}"


def raw_cursors(tree: ast.AST) -> Iterator[str]:
    """Database cursors; only queries and actions hold one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and names_of(node.func)[:1] == ["cursor"]:
            yield f"第 {node.lineno} 行：cursor("


def readings_of_time(tree: ast.AST) -> Iterator[str]:
    """Every look at a clock but `perf_counter` and `monotonic`, which only measure."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        verb, *owners = names_of(node)
        reads_clock = verb in CLOCKS and owners and owners[0] in CLOCK_OWNERS
        if reads_clock or (verb in ("time", "time_ns") and owners == ["time"]):
            yield f"第 {node.lineno} 行：{'.'.join([*reversed(owners), verb])}"


def unscoped_reads(tree: ast.AST) -> Iterator[str]:
    """`Model.objects` that is not followed by `.for_actor(…)`."""
    scoped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "for_actor"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "objects" and id(node) not in scoped:
            yield f"第 {node.lineno} 行：{'.'.join(reversed(names_of(node)))}"


def foreign_imports(tree: ast.AST, ours: tuple[str, ...], others: frozenset[str] = frozenset()) -> Iterator[str]:
    """Imports from outside the standard library, but for packages under `ours` and the top-level `others`."""
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                modules = [alias.name for alias in node.names]
            case ast.ImportFrom(level=0):
                modules = [node.module or ""]
            case _:
                continue
        for module in modules:
            inside = any(module == package or module.startswith(package + ".") for package in ours)
            if not inside and module.split(".")[0] not in sys.stdlib_module_names | others:
                yield f"第 {node.lineno} 行：{module}"


def long_functions(tree: ast.AST, limit: int, kind: str) -> Iterator[str]:
    """Views (first argument `request`) or actions (decorated with a name ending in `action`) longer than `limit`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef):
            continue
        arguments = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
        is_view = arguments[:1] == ["request"]
        is_action = any(names_of(decorator)[-1:] in (["action"], ["dual_action"]) for decorator in node.decorator_list)
        if (is_view if kind == "view" else is_action) and (lines := body_lines(node)) > limit:
            yield f"{node.name}：{lines} 行"


def functions_longer_than(paths: list[Path], limit: int) -> list[str]:
    """Name and length of every function with more lines than `limit`, from `def` to its last line."""
    nodes = [node for path in paths for node in ast.walk(ast.parse(path.read_text()))]
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lengths = [(one.name, (one.end_lineno or 0) - one.lineno + 1) for one in functions]
    return [f"{name}：{lines} 行" for name, lines in lengths if lines > limit]


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function's body without its docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def inline_code(template: str) -> Iterator[str]:
    """Scripts, styles and handlers written into a page; the content security policy would block them."""
    for number, line in enumerate(template.splitlines(), 1):
        if re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", line, re.I):
            yield f"第 {number} 行：{line.strip()[:60]}"


def glossary(text: str) -> dict[str, str]:
    """Code name → Chinese term out of the Markdown tables of the glossary (`| 中文 | code name | … |`)."""
    terms = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.lstrip().startswith("|") and len(cells) >= 2 and not set(cells[0]) <= set("-: "):
            for name in re.findall(r"[A-Za-z_][\w.]*", cells[1]):
                terms.setdefault(name, cells[0])
    return terms
