"""Every public function of `actions` is called from a page, a job or a command, not by the demonstration alone."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yangguang

PACKAGE = Path(yangguang.__file__).parent
CALLERS = ("web", "jobs", "management")
# Each with the reason why no page, job or command calls it yet.
NOT_REACHABLE = {
    "accounts.accounts.open_staff": "staff accounts are opened on pages by the key life cycle, which is not built yet",
    "accounts.keys.issue": "the key life cycle",
    "accounts.keys.receive": "the key life cycle",
}


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


def imports_of(tree: ast.Module) -> dict[str, str]:
    """Local name → what it stands for, as a dotted name."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {
                (one.asname or one.name.split(".")[0]): (one.name if one.asname else one.name.split(".")[0])
                for one in node.names
            }
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {(one.asname or one.name): f"{node.module}.{one.name}" for one in node.names}
    return names


def references_in(node: ast.AST, names: dict[str, str], module: str) -> Iterator[str]:
    """Every dotted name that the code below `node` mentions."""
    for one in ast.walk(node):
        if isinstance(one, ast.Name):
            yield names.get(one.id, f"{module}.{one.id}")
        elif isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name):
            yield f"{names.get(one.value.id, one.value.id)}.{one.attr}"


@cache
def functions() -> dict[str, set[str]]:
    """Every function, class and constant of `actions` → the dotted names that it mentions."""
    mentioned: dict[str, set[str]] = {}
    for path in (PACKAGE / "actions").rglob("*.py"):
        tree, module = tree_of(path), module_of(path)
        names = imports_of(tree)
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                mentioned[f"{module}.{node.targets[0].id}"] = set(references_in(node.value, names, module))
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                # A preflight is called `_`; it belongs to the action that its decorator names.
                owner = node.name
                if owner == "_" and isinstance(node, ast.FunctionDef):
                    owner = next(iter(ast.unparse(one).split(".")[0] for one in node.decorator_list))
                mentioned.setdefault(f"{module}.{owner}", set()).update(references_in(node, names, module))
    return mentioned


def reachable_from(*folders: str) -> set[str]:
    """The functions of `actions` that code in these folders calls, at once or through others."""
    queue: list[str] = []
    for folder in folders:
        for path in (PACKAGE / folder).rglob("*.py"):
            tree = tree_of(path)
            queue += references_in(tree, imports_of(tree), module_of(path))
    known, reached = functions(), set[str]()
    while queue:
        if (name := queue.pop()) in known and name not in reached:
            reached.add(name)
            queue += known[name]
    return reached


def public_functions() -> set[str]:
    """Dotted names of the public functions, without classes."""
    return {
        f"{module_of(path)}.{node.name}"
        for path in (PACKAGE / "actions").rglob("*.py")
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }


def test_only_what_is_listed_with_its_reason_is_out_of_reach() -> None:
    out_of_reach = public_functions() - reachable_from(*CALLERS)

    assert {name.removeprefix("yangguang.actions.") for name in out_of_reach} == set(NOT_REACHABLE)


def test_the_walk_reaches_through_functions_and_not_further() -> None:
    reached = reachable_from("jobs")

    assert "yangguang.actions.messages.delivery.send_due" in reached
    assert "yangguang.actions.admissions.transitions.transition" in reached
    assert "yangguang.actions.choices.choices.submit" not in reached
